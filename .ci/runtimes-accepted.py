"""Fails where a template names a Lambda runtime that Lambda refuses to create within a year.

Usage: python runtimes-accepted.py TEMPLATE     Needs cfn-lint, which follows AWS's table of dates.
"""

import datetime
import json
import pathlib
import re
import sys

import cfnlint

data = pathlib.Path(cfnlint.__file__).parent / 'data/AdditionalSpecs/LmbdRuntimeLifecycle.json'
lifecycle = json.loads(data.read_text())
in_a_year = (datetime.date.today() + datetime.timedelta(days=365)).isoformat()
runtimes = re.findall(r'^\s*Runtime: *["\']?([\w.]+)', pathlib.Path(sys.argv[1]).read_text(), re.M)
refused = {
    runtime: lifecycle[runtime]['create-block']
    for runtime in runtimes
    if (lifecycle[runtime]['create-block'] or '9999') < in_a_year
}
print(f'runtimes: {runtimes}; refused within a year: {refused}')
sys.exit(1 if refused or not runtimes else 0)
