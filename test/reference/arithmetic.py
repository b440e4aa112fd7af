"""Writes arithmetic.json: inputs of the functions of ml/arithmetic and their correctly rounded results, both as the bits of doubles in hexadecimal.

Needs mpmath. Run: python3 test/reference/arithmetic.py
"""

import json
import math
import pathlib
import random
import struct

from mpmath import mp, mpf

mp.prec = 1300


def bits(value):
    return struct.pack(">d", value).hex()


def draw(generator, low_exponent, high_exponent, negative):
    value = math.ldexp(1 + generator.random(), generator.randint(low_exponent, high_exponent))
    return -value if negative and generator.random() < 0.5 else value


def rounded(value):
    """The double nearest to an mpf, subnormal and overflowing ones included."""
    if value == 0:
        return 0.0
    exponent = max(int(mp.floor(mp.log(abs(value), 2))) - 52, -1074)
    scaled = mp.nint(value * mpf(2) ** -exponent)
    try:
        return math.ldexp(int(scaled), exponent)
    except OverflowError:
        return math.copysign(math.inf, value)


def inputs(name, generator):
    count = 200
    if name == "log":
        yield from (draw(generator, -1074, 1023, False) for _ in range(count))
        yield from (1 + draw(generator, -52, -1, True) for _ in range(count))
        yield from (5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 0.5, 1.0, 2.0, math.sqrt(0.5), math.sqrt(2))
    elif name == "log1p":
        yield from (draw(generator, -80, 1022, False) for _ in range(count // 2))
        yield from (draw(generator, -60, 0, False) for _ in range(count))
        yield from (-draw(generator, -60, -2, False) for _ in range(count // 2))
        yield from (-1 + draw(generator, -53, -2, False) for _ in range(count // 2))
        yield from (5e-324, -5e-324, 1.7976931348623157e308, -0.9999999999999999)
    else:
        yield from (draw(generator, -60, 5, True) for _ in range(count))
        yield from (generator.uniform(-1, 1) for _ in range(count))
        yield from (generator.uniform(-745, 709.7) for _ in range(count))
        yield from (math.log(2) * (k + 0.5) for k in range(-5, 6))
        yield from (709.782712893384, 709.7827128933841, -708.3964185322641, -745.1332191019411, -745.1332191019412, 5e-324, -5e-324)


functions = {"exp": mp.exp, "expm1": mp.expm1, "log": mp.log, "log1p": lambda x: mp.log(1 + x)}
generator = random.Random(20240501)
fixture = {}
for name, function in functions.items():
    fixture[name] = [[bits(x), bits(rounded(function(mpf(x))))] for x in inputs(name, generator)]
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(fixture, indent=0) + "\n")
