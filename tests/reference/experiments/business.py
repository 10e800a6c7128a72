"""Reference values for BusinessCase. Run: python3 business.py (numpy, scipy)."""
import datetime, json, pathlib
import numpy as np, scipy, scipy.integrate as si, scipy.stats as st

cases = []
for effect, se, money, cost, months, rate in [(0.002, 0.00092, 1e6, 5e5, 60, 0.1), (-0.4, 0.5, 1200, 3000, 12, 0), (3.0, 0.2, 10, 0, 24, 0.05)]:
    flows = sum(1 / (1 + rate / 12) ** k for k in range(1, months + 1))
    net, error = effect * money * flows - cost, se * money * flows
    d = st.norm(net, error)
    quad = lambda f, a, b: si.quad(f, a, b, epsabs=1e-12 * error, epsrel=1e-12, limit=400)[0]
    far = 12 * error
    launch = quad(lambda x: -x * d.pdf(x), min(net - far, -far), 0)
    leave = quad(lambda x: x * d.pdf(x), 0, max(net + far, far))
    # Preposterior: after as many units again the posterior mean is normal around the present one with variance prior^2 / (prior^2 + error^2) prior^2.
    pre = st.norm(net, np.sqrt(error**2 * error**2 / (2 * error**2)))
    best = quad(lambda x: max(x, 0) * pre.pdf(x), min(net - far, -far), 0) + quad(lambda x: x * pre.pdf(x), 0, max(net + far, far))
    cases.append(dict(effect=effect, se=se, money=money, cost=cost, months=months, rate=rate, monthly=effect * money, net=net, low=net - st.norm.isf(0.025) * error, high=net + st.norm.isf(0.025) * error,
                      pays=d.sf(0), launch=launch, leave=leave, certainty=min(launch, leave), again=best - max(net, 0)))
here = pathlib.Path(__file__).parent
(here / "business.json").write_text(json.dumps(dict(tool=f"numpy {np.__version__}, scipy {scipy.__version__}", made=datetime.date.today().isoformat(), tolerance="closed form against summed flows and quadrature: 1e-8 relative", cases=cases), indent=1) + "\n")
