"""Runs a plan that lib/core/sql/spark-plan.ts wrote: files become views, views become tables and files, counted at the end.

What a row means, and what changed, is all in the plan's SQL. With --plan, one plan; without it, the names of plans as lines
on standard input, each answered by a line when it is done.
"""

import argparse
import json
import os
import queue
import sys
import threading
import uuid

from pyspark.sql import DataFrame, SparkSession
from pyspark.storagelevel import StorageLevel


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--plan")
    arguments.add_argument("--conf", action="append", default=[])
    # Glue adds arguments of its own.
    given, _ = arguments.parse_known_args()

    builder = SparkSession.builder.appName("nightfeed diff")
    for setting in given.conf:
        builder = builder.config(*setting.split("=", 1))
    spark = builder.getOrCreate()
    if given.plan:
        run(spark, given.plan)
        return
    spark.sparkContext.setLogLevel("OFF")
    serve(spark)


def serve(spark):
    waiting = queue.SimpleQueue()

    def listen():
        for line in sys.stdin:
            waiting.put(line)
        # Who asked is gone, and nobody needs an answer, however far it is. The JVM ends with this process.
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        try:
            answer = run(spark, json.loads(waiting.get())["plan"])
        except Exception as error:  # one plan's failure is its asker's; the next may do better
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)


def run(started, location):
    """The result of the plan at this place, which is also written to where the plan says, once."""
    spark = started.newSession()
    files = Files(spark)
    plan = json.loads(files.read(location))
    for name, value in plan["settings"].items():
        spark.conf.set(name, value)
    tables = []
    try:
        result = compute(spark, files, plan, tables)
    finally:
        for table in tables:
            table.unpersist()
    files.write_once(plan["result"], json.dumps(result))
    return result


def compute(spark, files, plan, tables):
    for source in plan["inputs"]:
        reader = spark.read.format(source["format"]).options(**source["options"])
        if "schema" in source:
            reader = reader.schema(source["schema"])
        reader.load(source["files"]).selectExpr(*source["columns"]).createTempView(source["name"])
    for step in plan["steps"]:
        rows = spark.sql(step["select"])
        if step["kind"] == "table":
            rows = rows.persist(StorageLevel.MEMORY_AND_DISK)
            tables.append(rows)
        if step.get("isFew"):
            rows = few(spark, rows)
        rows.createTempView(step["name"])
        if "grow" in step:
            grow(spark, step, rows, tables)

    for check in plan["checks"]:
        found = [list(row) for row in spark.sql(check["select"]).collect()]
        if found != check["rows"]:
            differing = [pair for pair in zip(check["rows"] + [None], found + [None]) if pair[0] != pair[1]]
            return {"disagrees": f"{check['about']}: expected {differing[0][0]}, found {differing[0][1]}"}
    queries = {name: rows_of(spark, select) for name, select in plan["queries"].items()}
    if plan["chosen"]:
        for row in rows_of(spark, plan["chosen"]):
            queries[row["name"]] = rows_of(spark, plan["optional"][row["name"]])
    (numbers,) = queries["numbers"]
    outputs = {}
    # A twin that was started for the same plan writes elsewhere: neither can be in the other's way, or in its lists.
    own = uuid.uuid4().hex[:8]
    for output in plan["outputs"]:
        expected = sum(int(numbers[name]) for name in output["counts"])
        if 0 < expected <= output.get("limit", expected):
            place = f"{plan['into']}{own}/{output['name']}"
            outputs[output["name"]] = write(spark, files, output, place, expected)
    return {"queries": queries, "outputs": outputs}


# More rows than this are no burden to a driver, and far more than stay as they were on most nights.
FEW = 10_000


def few(spark, rows):
    """The same rows without how they were found, where they are few: else every later plan has all of that in it, several times."""
    taken = rows.limit(FEW + 1)._jdf.collectAsList()
    if taken.size() > FEW:
        return rows
    return DataFrame(spark._jsparkSession.createDataFrame(taken, rows._jdf.schema()), spark)


def grow(spark, step, rows, tables):
    """A table that grows: asks over the rows that were found last until there is no new one."""
    found = rows
    while not found.isEmpty():
        found.createOrReplaceTempView(step["name"])
        more = spark.sql(step["grow"]).subtract(rows).persist(StorageLevel.MEMORY_AND_DISK)
        tables.append(more)
        found = few(spark, more)
        rows = rows.union(found)
    rows.createOrReplaceTempView(step["name"])


def rows_of(spark, select):
    rows = [row.asDict() for row in spark.sql(select).collect()]
    return [{name: None if value is None else str(value) for name, value in row.items()} for row in rows]


def write(spark, files, output, place, expected):
    """Writes an output, then counts what lies there: what a task wrote twice would be seen."""
    rows = spark.sql(output["select"])
    options = {"ignoreNullFields": "false"}
    if "partitionBy" in output:
        options |= {"partitionBy": output["partitionBy"], "maxRecordsPerFile": output["fileRows"]}
    else:
        rows = rows.coalesce(-(-expected // output["fileRows"]) if "fileRows" in output else 1)
    rows.write.save(place, output["format"], **options)
    written = [name for name in files.list(place) if name.split("/")[-1].startswith("part-")]
    counted = (
        spark.read.format(output["format"] if output["format"] == "parquet" else "text")
        .load(written)
        .groupBy("_metadata.file_path")
        .count()
        .collect()
    )

    def below(name):
        # Spark spells the beginning in several ways.
        return name.rpartition(f"/{output['name']}/")[2]

    counts = {below(row[0]): row[1] for row in counted}
    named = [{"file": name, "rows": counts.get(below(name), 0)} for name in sorted(written)]
    found = [file for file in named if file["rows"] > 0]
    if sum(file["rows"] for file in found) != expected:
        raise RuntimeError(f"{output['name']}: {expected} rows were computed, the files hold {found}")
    return found


class Files:
    """Small texts and listings, wherever Hadoop's file systems reach."""

    def __init__(self, spark):
        self.jvm = spark._jvm
        self.configuration = spark._jsc.hadoopConfiguration()

    def read(self, location):
        system, path = self.at(location)
        stream = system.open(path)
        try:
            return self.jvm.org.apache.commons.io.IOUtils.toString(stream, "UTF-8")
        finally:
            stream.close()

    def write_once(self, location, text):
        system, path = self.at(location)
        stream = system.create(path, False)
        try:
            stream.write(bytearray(text.encode()))
        finally:
            stream.close()

    def list(self, location):
        system, path = self.at(location)
        found, statuses = [], system.listFiles(path, True)
        while statuses.hasNext():
            status = statuses.next()
            if status.getLen() > 0:
                found.append(status.getPath().toString())
        return found

    def at(self, location):
        path = self.jvm.org.apache.hadoop.fs.Path(location)
        return path.getFileSystem(self.configuration), path


if __name__ == "__main__":
    main()
