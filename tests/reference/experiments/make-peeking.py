"""Reference values for what may be read at any look, by plain numerical integration and optimisation. Run: python3 make-peeking.py (writes peeking.json).

Nothing here follows the product's code: densities of the score are carried on a fixed trapezoid grid of 4,001 points, roots and minima are scipy's.
"""
import datetime, json, math
import numpy as np, scipy
from scipy import integrate, optimize, special, stats

N = stats.norm


class Walk:
    """Sub-density of B(t) on a grid, B(0) = start."""

    def __init__(self, drift=0.0, time=0.0, start=0.0):
        self.drift, self.time, self.grid, self.dens, self.start = drift, time, None, None, start

    def tail(self, time, z, upper):
        sd, edge = math.sqrt(time - self.time), z * math.sqrt(time)
        shift = self.drift * (time - self.time)
        f = (N.sf if upper else N.cdf)
        if self.grid is None:
            return float(f((edge - self.start - shift) / sd))
        return float(np.trapezoid(self.dens * f((edge - self.grid - shift) / sd), self.grid)) if hasattr(np, "trapezoid") else float(np.trapz(self.dens * f((edge - self.grid - shift) / sd), self.grid))

    def go(self, time, low, high):
        sd, shift = math.sqrt(time - self.time), self.drift * (time - self.time)
        mean = (self.start if self.grid is None else 0) + self.drift * time
        a, b = max(low * math.sqrt(time), mean - 10 * math.sqrt(time)), min(high * math.sqrt(time), mean + 10 * math.sqrt(time))
        grid = np.linspace(a, b, 4001)
        if self.grid is None:
            dens = N.pdf((grid - self.start - shift) / sd) / sd
        else:
            w = np.full(self.grid.size, self.grid[1] - self.grid[0]); w[0] /= 2; w[-1] /= 2
            # Gauss correction at the ends is not needed: the densities there are smooth and the step is 1/400 of the region.
            dens = np.empty_like(grid)
            for i in range(0, grid.size, 200):
                dens[i:i + 200] = (N.pdf((grid[i:i + 200, None] - self.grid[None, :] - shift) / sd) / sd) @ (w * self.dens)
        self.grid, self.dens, self.time = grid, dens, time


def further(times, low, high, z, drift):
    w, total = Walk(drift), 0.0
    for k in range(len(low)):
        total += w.tail(times[k], high[k], True)
        w.go(times[k], low[k], high[k])
    return total + w.tail(times[-1], z, True)


def stagewise(times, low, high, estimate, se, level):
    t = np.array(times) / times[-1]
    z = estimate / se
    solve = lambda target: optimize.brentq(lambda d: further(t, low, high, z, d) - target, z - 9, z + 9, xtol=1e-8) * se
    f0 = further(t, low, high, z, 0)
    return dict(times=times, low=low, high=high, estimate=estimate, se=se, level=level,
                median=solve(.5), lower=solve((1 - level) / 2), upper=solve((1 + level) / 2), p=2 * min(f0, 1 - f0))


def crossing(times, bounds, futility, time, start, drift):
    w, total = Walk(drift, time, start), 0.0
    for k, (t, c) in enumerate(zip(times, bounds)):
        total += w.tail(t, c, True) + w.tail(t, -c, False)
        if k + 1 < len(times):
            sd, mean = math.sqrt(t - w.time), (start if w.grid is None else None)
            low = -c if futility is None else max(-c, futility[k])
            w.go(t, low, c)
    return total


def power(z, info, times, bounds, planned, futility=None, prior=None):
    b = z * math.sqrt(info)
    given = lambda d: crossing(times, bounds, futility, info, b, d)
    precision = info + (1 / prior[1] ** 2 if prior else 0)
    mean = (b + (prior[0] / prior[1] ** 2 if prior else 0)) / precision
    sd = 1 / math.sqrt(precision)
    grid = np.linspace(-6.5, 6.5, 131)
    w = N.pdf(grid); w /= w.sum()
    return dict(z=z, information=info, coming=times, criticalZ=bounds, futilityZ=futility, plannedZ=planned, prior=prior,
                onTrend=given(b / info), ifNull=given(0), ifPlanned=given(planned), predictive=float(sum(wi * given(mean + sd * u) for wi, u in zip(w, grid))))


def winner(times, threshold, ratio):
    t = np.array(times, float)
    bounds = [N.ppf(threshold) / (1 if ratio is None else math.sqrt(ratio ** 2 * x / t[-1] / (1 + ratio ** 2 * x / t[-1]))) for x in t]
    one, two, a, b = Walk(), Walk(), 0.0, 0.0
    for k, (x, c) in enumerate(zip(t, bounds)):
        a += one.tail(x, c, True); b += two.tail(x, c, True) + two.tail(x, -c, False)
        if k + 1 < len(t):
            one.go(x, -60, c); two.go(x, -c, c)
    return dict(times=times, threshold=threshold, ratio=ratio, winner=a, either=b, oneLook=float(N.sf(bounds[-1])))


def log_ratio(k, n, p):
    return special.betaln(k + .5, n - k + .5) - special.betaln(.5, .5) - special.xlogy(k, p) - special.xlog1py(n - k, -p)


def beta_difference(kt, nt, kc, nc, level):
    limit = -math.log(1 - level)

    def least(d):
        lo, hi = max(0, -d), min(1, 1 - d)
        f = lambda p: float(log_ratio(kt, nt, min(1, max(0, p + d))) + log_ratio(kc, nc, p))
        best = optimize.minimize_scalar(f, bounds=(lo, hi), method="bounded", options=dict(xatol=1e-13)).fun
        return min(best, f(lo), f(hi))

    est = kt / nt - kc / nc
    low = -1 if least(-1 + 1e-12) < limit else optimize.brentq(lambda d: least(d) - limit, -1 + 1e-12, est, xtol=1e-13)
    high = 1 if least(1 - 1e-12) < limit else optimize.brentq(lambda d: least(d) - limit, est, 1 - 1e-12, xtol=1e-13)
    return dict(kt=kt, nt=nt, kc=kc, nc=nc, level=level, low=low, high=high, logE=least(0))


def beta_one(k, n, level):
    limit, p = -math.log(1 - level), k / n
    low = 0 if k == 0 else optimize.brentq(lambda q: log_ratio(k, n, q) - limit, 1e-300, p, xtol=1e-15)
    high = 1 if k == n else optimize.brentq(lambda q: log_ratio(k, n, q) - limit, p, 1 - 1e-16, xtol=1e-15)
    return dict(k=k, n=n, level=level, low=low, high=high)


def harm(benefit, se, n, tuned, margin, level):
    limit = -math.log(1 - level)
    x = optimize.brentq(lambda x: x - math.log(1 + x) - 2 * (limit - math.log(2)), 1e-3, 100) * n / tuned

    # The mixture itself: lambda half-normal with variance x, against exp(lambda z - lambda^2 / 2) at unit variance.
    def log_e(z):
        peak = max(0, z * x / (1 + x))
        top = peak * z - peak ** 2 / 2 - peak ** 2 / (2 * x)
        f = lambda l: math.exp(l * z - l * l / 2 - l * l / (2 * x) - top)
        width = math.sqrt(x / (1 + x))
        value = integrate.quad(f, max(0, peak - 30 * width), peak + 30 * width, epsabs=0, epsrel=1e-12, limit=400, points=[peak] if peak > 0 else None)[0]
        return math.log(value) + top + math.log(2 / math.sqrt(2 * math.pi * x))

    c = optimize.brentq(lambda z: log_e(z) - limit, 0, 20, xtol=1e-10)
    return dict(benefit=benefit, se=se, n=n, tuned=tuned, margin=margin, level=level, logE=log_e((-benefit - margin) / se), bound=benefit + c * se)


def learned(y, se):
    q = lambda v: sum(a * a / (s * s + v) for a, s in zip(y, se))
    solve = lambda t: 0 if q(0) <= t else math.sqrt(optimize.brentq(lambda v: q(v) - t, 0, 100, xtol=1e-16))
    k = len(y)
    return dict(y=y, se=se, deviation=solve(k), low=solve(stats.chi2.isf(.05, k)), high=solve(stats.chi2.ppf(.05, k)))


def slices(groups, shares):
    total = np.sum(groups, axis=0)
    share = np.array(shares) / sum(shares)
    test = lambda o: stats.chisquare(o, share * np.sum(o))
    return dict(groups=groups, shares=shares, statistic=[test(g).statistic for g in groups], p=[test(g).pvalue for g in groups],
                rest=[test(total - np.array(g)).pvalue for g in groups])


inf = 60.0
out = dict(
    tool=f"scipy {scipy.__version__}, numpy {np.__version__}", made=str(datetime.date.today()), script="make-peeking.py",
    stagewise=[
        stagewise([.25, .5], [-4.3326], [4.3326], .35, .1, .95),
        stagewise([100, 200, 300], [-4.3326, -2.9631], [4.3326, 2.9631], -.26, .0816, .95),
        stagewise([.2, .4, .6, .8, 1], [-.5, .3, .9, 1.4], [3.2, 2.9, 2.6, 2.3], .02, .01, .9),
        stagewise([.3, 1.1], [-3.29], [3.29], .5, 1.0, .95)],
    power=[
        power(1.2, .5, [1.0], [1.98], 2.9), power(1.5, .4, [.6, .8, 1.0], [2.68, 2.29, 2.03], 2.85), power(.4, .5, [.75, 1.0], [2.36, 2.01], 2.98, [1.40, 2.01]),
        power(2.0, .3, [.7, 1.0], [2.5, 2.0], 2.8, None, [1.0, 1.5])],
    winner=[
        winner(list(range(1, 29)), .95, None), winner([1, 2, 3, 4, 5], .87, None), winner([1], .87, None), winner([1, 2, 3, 4, 5], .95, 1.0), winner([.1, .5, .6, 2], .9, 3.0)],
    difference=[beta_difference(*a) for a in [(3, 20, 0, 20, .95), (0, 20, 0, 20, .95), (12, 400, 30, 410, .95), (20, 20, 0, 20, .9), (50, 1000, 52, 990, .99), (1, 1, 0, 1, .95), (0, 5, 5, 5, .95)]],
    proportion=[beta_one(*a) for a in [(0, 20, .95), (3, 20, .95), (20, 20, .9), (50, 10000, .99), (1, 1, .95)]],
    harm=[harm(*a) for a in [(-.02, .006, 5000, 10000, 0, .975), (-.03, .01, 20000, 10000, .01, .975), (.02, .01, 3000, 10000, 0, .95), (-.5, .05, 400, 2000, .1, .99)]],
    learned=[learned([.01, -.02, .03, .005, -.012, .02], [.005, .006, .01, .004, .006, .008]), learned([.5, .1, -.3, .2, .05, .9, -.1], [.2, .1, .3, .1, .05, .4, .2])],
    slices=[slices([[5000, 5010], [2000, 1700], [800, 790]], [.5, .5]), slices([[950, 40, 10], [930, 52, 18]], [.95, .04, .01])])
json.dump(out, open("peeking.json", "w"), indent=1, default=float)
