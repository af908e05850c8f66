"""Writes some of the public files anew, as programs of other countries would: few packages hold such files."""
import csv, os, re, sys

GERMAN = {'.': ',', ',': '.'}


def with_comma(text):
    return text.replace('.', ',') if re.fullmatch(r'-?\d+\.\d+', text) else text


def grouped(text):
    if re.fullmatch(r'\d+', text) and len(text) > 4:
        text = f'{int(text):,}'
    return ''.join(GERMAN.get(each, each) for each in text) if re.fullmatch(r'[-\d.,]+', text) else text


def german_day(text):
    match = re.fullmatch(r'(\d{4})-(\d\d)-(\d\d)', text)
    return f'{match[3]}.{match[2]}.{match[1]}' if match else text


def same(text):
    return text


VEGA = 'vega-datasets/package/data/'
BOKEH = 'bokeh_sampledata/bokeh_sampledata/_data/'
R = 'pydataset/resources/rdata/csv/'
# What is read, what is written, with which delimiter, in which encoding, how each value changes, whether with a header.
VARIANTS = [
    (BOKEH + 'unemployment1948.csv', 'semicolon/unemployment1948.csv', ';', 'utf-8', with_comma, True),
    (R + 'datasets/swiss.csv', 'semicolon/swiss.csv', ';', 'utf-8', with_comma, True),
    (VEGA + 'weather.csv', 'semicolon/weather.csv', ';', 'utf-8', with_comma, True),
    (VEGA + 'airports.csv', 'semicolon/airports.csv', ';', 'utf-8', with_comma, True),
    ('country_list/country_list/country_data/data/de_AT/country.csv', 'windows-1252/country.csv', ';', 'cp1252', same, True),
    ('world-countries/package/dist/countries.csv', 'windows-1252/names.csv', ';', 'cp1252', same, True),
    (BOKEH + 'us_marriages_divorces.csv', 'german/marriages.csv', ';', 'utf-8', grouped, True),
    (VEGA + 'co2-concentration.csv', 'german/co2.csv', ';', 'utf-8', lambda text: german_day(with_comma(text)), True),
    ('gapminder/gapminder/gapminder.csv', 'excel/gapminder.txt', '\t', 'utf-16', same, True),
    (VEGA + 'seattle-weather.csv', 'excel/seattle.txt', '\t', 'utf-16', with_comma, True),
    (VEGA + 'flights-airport.csv', 'pipe/flights.psv', '|', 'utf-8', same, False),
    (BOKEH + 'penguins.csv', 'pipe/penguins.psv', '|', 'utf-8', same, True),
    (VEGA + 'stocks.csv', 'tab/stocks.tsv', '\t', 'utf-8', with_comma, True),
]
# Of the countries, names in languages that windows-1252 can write.
NAMES = {'windows-1252/names.csv': ['ccn3', 'name.common', 'cca3', 'translations.deu.official', 'translations.fra.official',
                                    'translations.spa.official', 'translations.ita.official', 'translations.swe.official']}

root = sys.argv[1]
for source, target, delimiter, encoding, changed, has_header in VARIANTS:
    with open(os.path.join(root, source), encoding='utf-8', newline='') as file:
        rows = list(csv.reader(file))
    if target in NAMES:
        places = [rows[0].index(name) for name in NAMES[target]]
        rows = [[row[place] for place in places] for row in rows]
    path = os.path.join(root, 'written', target)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding=encoding, newline='') as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator='\r\n')
        if has_header:
            writer.writerow(rows[0])
        writer.writerows([changed(value) for value in row] for row in rows[1:])
