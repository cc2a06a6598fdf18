"""Units and scales that stand beside numbers, by what they mean."""

import re

_SCALES = {
    10**3: "thousand tausend tsd mille millier milliers k тыс тысяч тысячи",
    10**4: "万 萬 만",
    10**5: "lakh lakhs lac lacs",
    10**6: "million millions millionen mio mn mln млн миллион миллиона миллионов",
    10**8: "亿 億 억",
    10**7: "crore crores cr",
    10**9: "billion billions bn milliarde milliarden mrd milliard milliards md млрд миллиард "
    "миллиарда миллиардов",
    10**12: "trillion trillions tn billionen",
}
SCALES = {name: size for size, names in _SCALES.items() for name in names.split()}
"""Words and abbreviations that multiply the number before them."""
LETTERS = {"k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12, "l": 10**5, "g": 10**9}
"""Capitals or letters set right behind a number, which may also be units."""

_UNITS = {
    "percent": "% percent pct prozent ٪ ％",
    "USD": "$ us$ $us usd dollar dollars",
    "CAD": "$ ca$ $ca c$ cad dollar dollars",
    "AUD": "$ au$ $au a$ aud dollar dollars",
    "EUR": "€ eur euro euros",
    "GBP": "£ gbp £gb sterling pound pounds pfund livre livres",
    "INR": "₹ inr rs rupee rupees rupien roupie roupies",
    "JPY": "¥ jp¥ jpy yen yens",
    "CHF": "chf franken",
    "km": "km kilometer kilometers kilometre kilometres kilomètre kilomètres",
    "m": "m meter meters metre metres mètre mètres metern",
    "cm": "cm centimeter centimeters centimetre centimetres zentimeter centimètre centimètres",
    "mm": "mm millimeter millimeters millimetre millimetres millimètre millimètres",
    "mi": "mi mile miles meile meilen",
    "ft": "ft foot feet fuß pied pieds pi ′",
    "in": "inch inches zoll pouce pouces po ″",
    "yd": "yd yds yard yards",
    "kg": "kg kilogram kilograms kilogramm kilogramme kilogrammes kilo kilos",
    "g": "g gram grams gramm gramme grammes",
    "mg": "mg milligram milligrams milligramm milligramme milligrammes",
    "t": "t ton tons tonne tonnes tonnen",
    "lb": "lb lbs pound pounds pfund livre livres",
    "oz": "oz ounce ounces unze unzen",
    "C": "°c celsius",
    "F": "°f fahrenheit",
    "h": "h hr hrs hour hours stunde stunden heure heures std",
    "min": "min mins minute minutes minuten m",
    "s": "s sec secs second seconds sekunde sekunden seconde secondes",
    "day": "day days tag tage tagen jour jours tg",
    "week": "week weeks woche wochen semaine semaines wk wks",
    "month": "month months monat monate monaten mois mth mths mo mos mon m",
    "year": "year years yr yrs jahr jahre jahren an ans année années y",
    "km2": "km² km2 quadratkilometer quadratkilometern",
    "m2": "m² m2 quadratmeter quadratmetern",
    "mi2": "mi² mi2 quadratmeile quadratmeilen",
    "ft2": "ft² ft2 sqft quadratfuß pi²",
    "acre": "acre acres ac",
    "ha": "ha hectare hectares hektar",
    "km/h": "km/h kph kmh",
    "mph": "mph mi/h",
    "m/s": "m/s",
    "l": "liter liters litre litres l",
    "gal": "gal gallon gallons gallone gallonen",
    "kW": "kw kilowatt kilowatts",
    "MW": "mw megawatt megawatts mégawatt mégawatts",
    "GW": "gw gigawatt gigawatts",
    "kWh": "kwh kilowattstunde kilowattstunden",
}
_LONG = {
    "percent": "per cent|pour cent|percentage points?|prozentpunkte?",
    "C": "degrees? celsius|grad celsius|degrés? celsius",
    "F": "degrees? fahrenheit|grad fahrenheit|degrés? fahrenheit",
    "km2": "square kilomet(?:er|re)s?|kilomètres? carrés?|sq\\.? km\\b",
    "m2": "square met(?:er|re)s?|mètres? carrés?|sq\\.? m\\b",
    "mi2": "square miles?|mi(?:l)?les? carrés?|sq\\.? mi\\b",
    "ft2": "square (?:feet|foot)|pieds? carrés?|sq\\.? ft\\b",
    "acre": "acres? anglo-saxonnes?",
    "km/h": "kilomet(?:er|re)s? per hour|kilometern? pro stunde|kilomètres? (?:par|à l['’]) ?heure",
    "m/s": "met(?:er|re)s? per second|metern? pro sekunde|mètres? par seconde",
    "mph": "miles? per hour|meilen? pro stunde|miles? par heure",
    "kWh": "kilowatt[- ]hours?|kilowatt-?heures?",
    "USD": "u\\.?s\\.?[- ]dollars?|dollars? (?:des états-unis|américains?)",
    "CAD": "(?:canadian|kanadische[rn]?) dollars?|dollars? canadiens?",
    "AUD": "(?:australian|australische[rn]?) dollars?|dollars? australiens?",
    "GBP": "(?:british|britische[rn]?) (?:pounds?|pfund)|livres? sterling|pounds? sterling",
    "INR": "(?:indian|indische[rn]?) (?:rupees?|rupien?)|roupies? indiennes?",
    "JPY": "(?:japanese|japanische[rn]?) yen|yens? japonais",
    "CHF": "(?:swiss|schweizer) fran(?:cs?|ken)|francs? suisses?",
    "year": "(?-i:J)(?=[,;:!?)]|\\.?\\s*$)",
}
_BY_NAME: dict[str, frozenset[str]] = {}
for _unit, _names in _UNITS.items():
    for _name in _names.split():
        _BY_NAME[_name] = _BY_NAME.get(_name, frozenset[str]()) | {_unit}

_PHRASES = [(re.compile(pattern, re.IGNORECASE), unit) for unit, pattern in _LONG.items()]
_NAME = re.compile(
    r"km/h|mi/h|m/s|[%٪％€¥₹′″]|\$(?:us|ca|au)?|(?:us|ca|au|c|a)\$|£(?:gb)?|°\s?[cf]\b|[^\W\d_]+[²2]?",
    re.IGNORECASE,
)
_WORD = re.compile(r"([万萬만亿億억]|[^\W\d_]+)\.?")
"""A word; those of scripts without spaces are one character here."""
_GAP = re.compile(r"[\s\u00a0\u202f\u2009-]{0,2}")
_PREFIX = re.compile(
    r"(?:(?:us|ca|au|\bc|\ba)?\$|€|£|(?:jp)?¥|₹|\b(?:usd|cad|aud|eur|gbp|inr|jpy|chf|rs\.?))\s?$",
    re.IGNORECASE,
)


def scale_after(text: str, at: int) -> tuple[int, int]:
    """Return what a word behind a number multiplies it by, and where that word ends."""
    gap = _GAP.match(text, at)
    word = _WORD.match(text, gap.end() if gap else at)
    size = SCALES.get(word[1].lower(), 1) if word else 1
    return (size, word.end()) if word and size > 1 else (1, at)


def unit_after(text: str, at: int) -> tuple[frozenset[str], int]:
    """Return the units that what stands behind a number may mean, and where that ends."""
    gap = _GAP.match(text, at)
    start = gap.end() if gap else at
    for pattern, unit in _PHRASES:
        phrase = pattern.match(text, start)
        if phrase:
            return frozenset({unit}), phrase.end()
    name = _NAME.match(text, start)
    found = _BY_NAME.get(name[0].lower().replace(" ", ""), frozenset[str]()) if name else None
    return (found, name.end()) if name and found else (frozenset(), at)


def unit_before(text: str, at: int) -> tuple[frozenset[str], int]:
    """Return the currency that stands right before a number, and where that starts."""
    prefix = _PREFIX.search(text, max(0, at - 5), at)
    if prefix is None:
        return frozenset(), at
    return _BY_NAME.get(prefix[0].strip().lower().rstrip("."), frozenset()), prefix.start()
