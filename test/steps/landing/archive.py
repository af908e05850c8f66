"""Packs files with tarfile and zipfile in each of their forms, and prints the archives: a line of JSON each."""

import base64
import io
import json
import tarfile
import zipfile

MEMBERS = {
    "orders.csv": b"id,name\n" + b"1,apple\n" * 300,
    "empty.csv": b"",
    "out/" + "long/" * 60 + "stock.csv": b"id\n1\n",
    "out/Best\u00e4nde \u65e5\u672c.csv": b"x" * 512,
}


def tell(about, name, archive):
    members = {member: base64.b64encode(data).decode() for member, data in MEMBERS.items()}
    line = {"about": about, "name": name, "archive": base64.b64encode(archive).decode(), "members": members}
    print(json.dumps(line))


for form in [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT]:
    for mode, name in [("", "t.tar"), ("gz", "t.tar.gz"), ("bz2", "t.tbz2"), ("xz", "t.tar.xz")]:
        for large in [False, True]:
            out = io.BytesIO()
            with tarfile.open(fileobj=out, mode=f"w:{mode}", format=form) as tar:
                folder = tarfile.TarInfo("out")
                folder.type = tarfile.DIRTYPE
                tar.addfile(folder)
                for member, data in MEMBERS.items():
                    info = tarfile.TarInfo(member)
                    info.size = len(data)
                    # Numbers that octal digits have no room for.
                    info.uid = 2**40 if large else 0
                    info.mtime = 1.5 if large else 0
                    tar.addfile(info, io.BytesIO(data))
            tell(f"tar {form} {mode} {large}", name, out.getvalue())

for method in [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("out/", b"")
        for member, data in MEMBERS.items():
            with archive.open(member, "w", force_zip64=len(member) > 20) as file:
                file.write(data)
    tell(f"zip {method}", "t.zip", out.getvalue())
