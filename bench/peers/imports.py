import pandas
import scipy.stats
