"""What a Python user would run: read, group, Welch."""
import sys
import pandas as pd
from scipy import stats

d = pd.read_csv(sys.argv[1])
groups = {k: v.to_numpy() for k, v in d.groupby("variant")["revenue"]}
print(stats.ttest_ind(groups["treatment"], groups["control"], equal_var=False))
