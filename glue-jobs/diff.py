"""Runs a plan of lib/core/sql/plans/spark/plan.ts: files become views, views become tables and files, and the files are counted.

The SQL of the plan says what a row means and what changed. With --plan it runs one plan. Without it, it reads names of plans as
lines from standard input, and answers each with a line when the plan is done.
"""

import argparse
import datetime
import json
import os
import queue
import re
import sys
import threading
import uuid

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import BooleanType, StringType
from pyspark.storagelevel import StorageLevel


# The newest version of plans that this program reads, and the version of its results.
PLAN_VERSION = 1
RESULT_VERSION = 1


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--plan")
    arguments.add_argument("--conf", action="append", default=[])
    # Glue passes further arguments.
    given, _ = arguments.parse_known_args()

    # Workers need the same version of Python.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
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
        # The process that asked has ended, so nobody needs the answer. The JVM ends with this process.
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        try:
            answer = run(spark, json.loads(waiting.get())["plan"])
        except Exception as error:  # one plan's failure is its asker's; the next may do better
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)


def run(started, location):
    """Runs the plan at this path. Returns its result, and writes it once to the place in the plan."""
    spark = started.newSession()
    files = Files(spark)
    plan = json.loads(files.read(location))
    if plan["version"] > PLAN_VERSION:
        raise ValueError(f"[PLAN_NEWER] the plan is of version {plan['version']}, this job runs those up to {PLAN_VERSION}")
    for name, value in plan["settings"].items():
        spark.conf.set(name, value)
    spark.udf.register("nightfeed_fits", Fits(), BooleanType())
    spark.udf.register("nightfeed_jsonb", Jsonb(), StringType())
    spark.udf.register("nightfeed_array", Array(), StringType())
    tables = []
    try:
        result = {"version": RESULT_VERSION, **compute(spark, files, plan, tables)}
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
            rows = computed_once(spark, rows, tables)
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
    # A second run of the same plan writes to another place, so that neither overwrites or lists files of the other.
    own = uuid.uuid4().hex[:8]
    for output in plan["outputs"]:
        expected = sum(int(numbers[name]) for name in output["counts"])
        if 0 < expected <= output.get("limit", expected):
            place = f"{plan['into']}{own}/{output['name']}"
            outputs[output["name"]] = write(spark, files, output, place, expected)
    return {"queries": queries, "outputs": outputs}


def computed_once(spark, rows, tables):
    """The same rows as a table in memory, whose plan is the table alone. Otherwise every later plan contains the whole query for it, as often
    as it names it, and to plan a table of a dozen columns with forms of their own takes minutes.
    """
    tables.append(rows.persist(StorageLevel.MEMORY_AND_DISK))
    table = rows._jdf.queryExecution().withCachedData()
    return DataFrame(spark._jvm.org.apache.spark.sql.classic.Dataset.ofRows(spark._jsparkSession, table), spark)


# So many rows fit into the driver easily, and most nights have far fewer rows of this kind.
FEW = 10_000


def few(spark, rows):
    """The same rows as plain values, where they are few. Otherwise every later plan contains the whole query for them, several times."""
    taken = rows.limit(FEW + 1)._jdf.collectAsList()
    if taken.size() > FEW:
        return rows
    return DataFrame(spark._jsparkSession.createDataFrame(taken, rows._jdf.schema()), spark)


def grow(spark, step, rows, tables):
    """A table that grows: repeats the query over the rows found last, until it finds no new row."""
    found = rows
    while not found.isEmpty():
        found.createOrReplaceTempView(step["name"])
        more = computed_once(spark, spark.sql(step["grow"]).subtract(rows), tables)
        found = few(spark, more)
        rows = rows.union(found)
    rows.createOrReplaceTempView(step["name"])


def rows_of(spark, select):
    rows = [row.asDict() for row in spark.sql(select).collect()]
    return [{name: None if value is None else str(value) for name, value in row.items()} for row in rows]


def write(spark, files, output, place, expected):
    """Writes an output, and then counts the rows in its files, which shows whether a task wrote rows twice."""
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
        # Spark writes the beginning of the path in several forms.
        return name.rpartition(f"/{output['name']}/")[2]

    counts = {below(row[0]): row[1] for row in counted}
    named = [{"file": name, "rows": counts.get(below(name), 0)} for name in sorted(written)]
    found = [file for file in named if file["rows"] > 0]
    if sum(file["rows"] for file in found) != expected:
        raise RuntimeError(f"{output['name']}: {expected} rows were computed, the files hold {found}")
    return found


class Files:
    """Small texts and listings, on any file system that Hadoop can reach."""

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


class Fits:
    """A function for SQL: whether a text matches a pattern. Each worker caches the patterns that it has parsed."""

    def __init__(self):
        self.patterns = {}

    def __call__(self, text, written):
        if text is None:
            return None
        if written not in self.patterns:
            self.patterns[written] = Pattern(written)
        return self.patterns[written].fits(text)


class Jsonb:
    """A function for SQL: the text that PostgreSQL prints of a jsonb, or `!` and the code of the reject. The same as
    lib/core/feed/values/jsonb.ts, which says why.
    """

    FAULTS = ["FORMAT", "DUP_NAME", "OVERFLOW", "SCALE"]
    MAX_DEPTH = 200
    MAX_DIGITS = 400
    NUL = re.compile(r"(?:^|[^\\])(?:\\\\)*\\u0000")
    NUMBER = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?")

    def __call__(self, text):
        if text is None:
            return None
        if Jsonb.NUL.search(text):
            return "!NUL_BYTE"
        if self.is_too_deep(text):
            return "!TOO_DEEP"
        found = set()
        decoder = json.JSONDecoder(
            object_pairs_hook=lambda pairs: self.object(pairs, found),
            parse_float=lambda number: self.number(number, found),
            parse_int=lambda number: self.number(number, found),
            parse_constant=self.refuse,
        )
        try:
            written = self.written(decoder.decode(text))
        except ValueError:
            found.add("FORMAT")
        for fault in Jsonb.FAULTS:
            if fault in found:
                return "!" + fault
        return written

    def is_too_deep(self, text):
        depth, is_in_text, at = 0, False, 0
        while at < len(text):
            mark = text[at]
            if is_in_text and mark == "\\":
                at += 1
            elif mark == '"':
                is_in_text = not is_in_text
            elif not is_in_text and mark in "[{":
                depth += 1
            elif not is_in_text and mark in "]}":
                depth -= 1
            if depth > Jsonb.MAX_DEPTH:
                return True
            at += 1
        return False

    def refuse(self, constant):
        raise ValueError(constant)

    def written(self, value):
        """What is written already stands in a tuple, so that it is told from a text."""
        if isinstance(value, tuple):
            return value[0]
        if isinstance(value, list):
            return "[" + ", ".join([self.written(each) for each in value]) + "]"
        if isinstance(value, str):
            # Fails for half of a surrogate pair, which has no bytes.
            value.encode()
        return json.dumps(value, ensure_ascii=False)

    def object(self, pairs, found):
        members = {}
        for name, value in pairs:
            if name in members:
                found.add("DUP_NAME")
            members[name] = (name.encode(), self.written(name) + ": " + self.written(value))
        ordered = sorted(members.values(), key=lambda member: (len(member[0]), member[0]))
        return ("{" + ", ".join([written for _, written in ordered]) + "}",)

    def number(self, token, found):
        sign, whole, fraction, exponent = Jsonb.NUMBER.fullmatch(token).groups()
        fraction, exponent = fraction or "", exponent or "0"
        power = int(max(-1e9, min(1e9, float(exponent))))
        digits = whole + fraction
        is_zero = not digits.strip("0")
        point, places = len(whole) + power, max(0, len(fraction) - power)
        if point > Jsonb.MAX_DIGITS and not is_zero:
            found.add("OVERFLOW")
            return ("",)
        if places > Jsonb.MAX_DIGITS:
            found.add("SCALE")
            return ("",)
        front = "0" if is_zero or point <= 0 else digits[:point].ljust(point, "0").lstrip("0") or "0"
        behind = "0" * places if is_zero else "0" * max(0, -point) + digits[max(0, point) :]
        return (("" if is_zero else sign) + front + ("." + behind if places > 0 else ""),)


class Array:
    """A function for SQL: the text that PostgreSQL prints of an array, or `!` and the code of the reject. The same as
    lib/core/feed/values/array.ts and array-items.ts, which say why; the elements are read as lib/core/feed/values/value.ts does.
    """

    LITERAL = ("}", " \t\n\v\f\r")
    JSON = ("]", " \t\n\r")
    SCALAR = re.compile(r"true|false|-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?")
    ODD = re.compile(r'["\\{}, \t\n\v\f\r]')
    NOT_A_NUMBER = re.compile("[+-]?(?:[nN][aA][nN]|[iI][nN][fF](?:[iI][nN][iI][tT][yY])?)")
    DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
    TWO_DAYS = re.compile("[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}(?:[^0-9].*)?", re.DOTALL)
    FAR_DAY = re.compile("[+-]?[0-9]{5,}-[0-9]{2}-[0-9]{2}.*|[0-9]+-[0-9]{2}-[0-9]{2}.* BC", re.DOTALL)
    UUID = re.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")

    def __init__(self):
        self.forms = {}

    def __call__(self, text, written):
        if text is None:
            return None
        if written not in self.forms:
            form = json.loads(written)
            name, _, sizes = form["type"][:-2].rstrip(")").partition("(")
            self.forms[written] = (name, [int(size) for size in sizes.split(",") if size], form.get("separator"))
        name, sizes, separator = self.forms[written]
        items = self.items(text, separator)
        if items is None:
            return "!FORMAT"
        try:
            printed = ["NULL" if item is None else self.element(name, sizes, item) for item in items]
        except Rejected as reject:
            return "!" + str(reject)
        return "{" + ",".join(printed) + "}"

    def items(self, text, separator):
        form = {"{": Array.LITERAL, "[": Array.JSON}.get(text[:1])
        if separator is not None:
            if form and text.endswith(form[0]):
                return None
            items = text.split(separator) if text else []
            return None if "" in items else items
        return self.listed(text, form) if form else None

    def listed(self, text, form):
        items, last = [], len(text) - 1
        closing, blanks = form
        at = self.behind_blanks(text, 1, blanks)
        if text[at : at + 1] == closing:
            return items if at == last else None
        while True:
            is_quoted = text[at : at + 1] == '"'
            end = self.quoted_end(text, at) if is_quoted else self.bare_end(text, at, closing)
            token = text[at:end]
            item = self.quoted(token, form) if is_quoted else self.bare(token.rstrip(blanks), form)
            if item is False:
                return None
            items.append(item)
            at = self.behind_blanks(text, end, blanks)
            if text[at : at + 1] == closing:
                return items if at == last else None
            if text[at : at + 1] != ",":
                return None
            at = self.behind_blanks(text, at + 1, blanks)

    def behind_blanks(self, text, at, blanks):
        while at < len(text) and text[at] in blanks:
            at += 1
        return at

    def quoted_end(self, text, at):
        at += 1
        while at < len(text):
            if text[at] == '"':
                return at + 1
            at += 2 if text[at] == "\\" else 1
        return len(text)

    def bare_end(self, text, at, closing):
        while at < len(text) and text[at] != "," and text[at] != closing:
            at += 1
        return at

    def quoted(self, token, form):
        if form is Array.LITERAL:
            return re.sub(r"\\(.)", r"\1", token[1:-1], flags=re.DOTALL)
        try:
            return json.loads(token)
        except ValueError:
            return False

    def bare(self, token, form):
        if form is Array.JSON:
            return None if token == "null" else token if Array.SCALAR.fullmatch(token) else False
        if token == "" or any(mark in token for mark in '"\\{}'):
            return False
        return None if token.lower() == "null" else token

    def element(self, name, sizes, text):
        if "\0" in text:
            raise Rejected("NUL_BYTE")
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Rejected("FORMAT")
        if name == "varchar" and len(text) > sizes[0]:
            raise Rejected("LENGTH")
        if name in ("text", "varchar"):
            return self.printed(text)
        if name == "decimal":
            return self.decimal(text, *sizes)
        if name == "boolean":
            return self.known({"true": "t", "t": "t", "1": "t", "false": "f", "f": "f", "0": "f"}.get(text.lower()))
        if name == "date":
            return self.date(text)
        if name == "uuid":
            return self.known(text.lower() if Array.UUID.fullmatch(text) else None)
        return self.whole(text, {"smallint": 15, "integer": 31, "bigint": 63}[name])

    def printed(self, text):
        if text and not Array.ODD.search(text) and text.lower() != "null":
            return text
        return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'

    def known(self, text):
        if text is None:
            raise Rejected("FORMAT")
        return text

    def no_number(self, text):
        return Rejected("NOT_A_NUMBER" if Array.NOT_A_NUMBER.fullmatch(text) else "FORMAT")

    def whole(self, text, bits):
        if not re.fullmatch("[+-]?[0-9]+", text):
            raise self.no_number(text)
        digits = text.lstrip("+-").lstrip("0")
        # Python refuses to parse thousands of digits.
        value = int(digits or "0") if len(digits) <= 19 else 1 << 64
        value = -value if text[0] == "-" else value
        if not -(1 << bits) <= value < 1 << bits:
            raise Rejected("OVERFLOW")
        return str(value)

    def decimal(self, text, precision, scale):
        match = re.fullmatch("([+-]?)([0-9]*)(?:[.]([0-9]*))?", text)
        if not match or not match[2] + (match[3] or ""):
            raise self.no_number(text)
        whole, fraction = match[2].lstrip("0"), (match[3] or "").rstrip("0")
        if len(whole) > precision - scale:
            raise Rejected("OVERFLOW")
        if len(fraction) > scale:
            raise Rejected("SCALE")
        sign = "-" if match[1] == "-" and whole + fraction else ""
        return sign + (whole or "0") + ("." + fraction.ljust(scale, "0") if scale > 0 else "")

    def date(self, text):
        if not Array.DAY.fullmatch(text):
            if Array.TWO_DAYS.fullmatch(text):
                raise Rejected("DATE_AMBIGUOUS")
            raise Rejected("DATE_RANGE" if Array.FAR_DAY.fullmatch(text) else "DATE")
        try:
            datetime.date.fromisoformat(text)
        except ValueError:
            raise Rejected("DATE")
        if text < "1000":
            raise Rejected("DATE_RANGE")
        return text


class Rejected(Exception):
    """An element that has no value; its text is the code."""


class Pattern:
    """Tells whether whole texts match a pattern of lib/core/expression/pattern.ts. It follows all ways to read a text at the same time, and
    looks at each character once. Java would try one way after the other, which for some texts takes hours.
    """

    def __init__(self, written):
        self.written = written
        self.at = 0
        self.moves = []  # of each state: the characters it takes and where that leads, or where it leads without any
        self.known = {}
        self.last = self.state(None)
        self.first = self.place({self.alternatives()(self.last)})

    def fits(self, text):
        place = self.first
        for letter in text:
            following = place[1].get(letter)
            if following is None:
                following = self.step(place, letter)
            place = following
        return self.last in place[0]

    def step(self, place, letter):
        taken = {move[1] for move in (self.moves[state] for state in place[0]) if move and move[0] and move[0](letter)}
        # Results are cached for later texts. A cache that gets too large is emptied.
        if len(self.known) > 1000 or len(place[1]) > 1000:
            self.known.clear()
            self.first[1].clear()
            place[1].clear()
        place[1][letter] = self.place(taken)
        return place[1][letter]

    def place(self, states):
        """All states that can be reached from these without reading a character."""
        reached, waiting = set(), list(states)
        while waiting:
            state = waiting.pop()
            if state in reached:
                continue
            reached.add(state)
            move = self.moves[state]
            if move and not move[0]:
                waiting += move[1]
        key = frozenset(reached)
        return self.known.setdefault(key, (key, {}))

    def state(self, move):
        self.moves.append(move)
        return len(self.moves) - 1

    # The parser turns each part of a pattern into a function from the state after it to the state before it.

    def alternatives(self):
        ways = [self.sequence()]
        while self.take("|"):
            ways.append(self.sequence())
        return lambda then: self.state((None, [way(then) for way in ways]))

    def sequence(self):
        items = []
        while self.at < len(self.written) and self.written[self.at] not in "|)":
            items.append(self.repeated(self.item()))

        def begin(then):
            for item in reversed(items):
                then = item(then)
            return then

        return begin

    def item(self):
        if self.take("(?:"):
            inner = self.alternatives()
            self.take(")")
            return inner
        fits = self.letters() if self.take("[") else self.one(self.letter())
        return lambda then: self.state((fits, then))

    def repeated(self, item):
        counted = re.compile(r"\{(\d+)(,?)(\d*)\}|[*+?]").match(self.written, self.at)
        if not counted:
            return item
        self.at = counted.end()
        sign = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        if counted[0] in sign:
            least, most = sign[counted[0]]
        else:
            least = int(counted[1])
            most = int(counted[3]) if counted[3] else None if counted[2] else least

        def begin(then):
            if most is None:
                again = self.state((None, [then]))
                self.moves[again][1].append(item(again))
                begun = again
            else:
                begun = then
                for _ in range(most - least):
                    begun = self.state((None, [then, item(begun)]))
            for _ in range(least):
                begun = item(begun)
            return begun

        return begin

    def letters(self):
        negated = self.take("^")
        ranges = []
        while not self.take("]"):
            low = high = self.letter()
            if self.take("-"):
                high = self.letter()
            ranges.append((low, high))
        return lambda letter: negated != any(low <= letter <= high for low, high in ranges)

    def one(self, wanted):
        return lambda letter: letter == wanted

    def letter(self):
        letter = self.written[self.at]
        self.at += 1
        if letter != "\\":
            return letter
        letter = self.written[self.at]
        self.at += 1
        if letter != "x":
            return {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}[letter]
        self.at += 2
        return chr(int(self.written[self.at - 2 : self.at], 16))

    def take(self, text):
        found = self.written.startswith(text, self.at)
        self.at += len(text) if found else 0
        return bool(found)


if __name__ == "__main__":
    main()
