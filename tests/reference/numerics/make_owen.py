#!/usr/bin/env python3
"""Reference values of Owen's T and Q functions by quadrature with mpmath (30 digits). Owen's T is also compared with scipy.special.owens_t here.
Usage: python3 make_owen.py (writes owen.json beside itself)."""
import datetime, json, os
import mpmath
from mpmath import mp, mpf
import scipy, scipy.special

mp.dps = 40
cases = []


def add(function, args, value, tolerance):
    cases.append({"function": function, "args": [float(a) for a in args], "value": float(value), "tolerance": tolerance})


def phi(z):
    return mp.erfc(-z / mp.sqrt(2)) / 2


def owens_t(h, a):
    h, a = mpf(h), mpf(a)
    cut = sorted(set([mpf(0), a] + [a * k / 8 for k in range(1, 8)] + [mpf(k) / 4 for k in range(1, 8) if k < 4 * a]))
    if h > 0:
        # Scale of the integrand in x is 1 / h.
        cut = sorted(set(cut + [mpf(k) / h for k in range(1, 21) if k < a * h]))
    # The constant factor stays outside: mpmath's quadrature stops at an absolute error.
    return mp.exp(-h * h / 2) * mp.quad(lambda x: mp.exp(-h * h * x * x / 2) / (1 + x * x), cut) / (2 * mp.pi)


for h in [0, 1e-3, 0.2, 0.8, 1, 1.7, 3, 4.8, 7, 12, 26, 37]:
    for a in [1e-6, 0.05, 0.4, 0.9, 0.99999, 1, 1.3, 2.5, 9, 60]:
        value = owens_t(h, a)
        if value > mpf(10) ** -305:
            if value > mpf(10) ** -12:
                assert abs(scipy.special.owens_t(h, a) - float(value)) < 1e-13 + 1e-11 * float(value), (h, a, value)
            add("OwensT.Of", [h, a], value, 1e-14)


def density(nu, x):
    return mp.exp((nu - 1) * mp.log(x) - x * x / 2 - mp.loggamma(mpf(nu) / 2) - (mpf(nu) / 2 - 1) * mp.log(2)) if x > 0 else mpf(0)


def pieces(nu, low, high):
    top = mp.sqrt(nu)
    marks = [max(mpf(0), top + k) for k in (-14, -9, -6, -4, -2, -1, 0, 1, 2, 4, 6, 9, 14)]
    high = min(mpf(high), top + 14)
    return sorted(set([mpf(low), high] + [m for m in marks if low < m < high]))


def q(t, nu, delta, low, high):
    return mp.quad(lambda x: phi(t * x / mp.sqrt(nu) - delta) * density(nu, x), pieces(nu, low, high))


for t, nu, delta, low, high in [(1.7, 8, 0.5, 0, 3), (2.0, 8, 1.5, 1, 4), (-1.8, 30, -3, 0, 5), (1.65, 199, 2.5, 0, 15), (0.4, 1, 0.1, 0, 2), (2.5, 3.7, 2, 0, 1e9),
                                (1.9, 15.5, -1, 2, 5), (1.645, 20000, 2, 0, 142), (-2.1, 5, 4, 0, 2)]:
    add("OwensQ.Of", [t, nu, delta, low, high], q(mpf(t), mpf(nu), mpf(delta), mpf(low), mpf(high)), 1e-12)

for t, nu, one, two in [(1.73, 18, 3, -3), (1.6602, 98, 3.2, -2.9), (1.9, 5, 1.2, -1.2), (1.645, 5000, 4, -3), (2.35, 3, 0.3, -0.3), (1.7, 22.4, 5, -1), (6.3, 1, 2, -2)]:
    end = (mpf(one) - two) / (2 * mpf(t)) * mp.sqrt(nu)
    value = mp.quad(lambda x: (phi(-mpf(t) * x / mp.sqrt(nu) - two) - phi(mpf(t) * x / mp.sqrt(nu) - one)) * density(mpf(nu), x), pieces(mpf(nu), 0, end))
    add("OwensQ.BothRejected", [t, nu, one, two], value, 1e-11)

body = {"tool": f"mpmath {mpmath.__version__}, scipy {scipy.__version__}", "made": datetime.date.today().isoformat(), "script": "make_owen.py", "cases": cases}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "owen.json"), "w") as f:
    json.dump(body, f, indent=1)
    f.write("\n")
