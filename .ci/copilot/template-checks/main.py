"""Asserts that the CloudFormation which Copilot rendered says what a sample's manifests mean.

Copilot takes many a mistake without a word (an invalid Fargate size, a health check that times out
after its interval, a lost override): they would show on AWS only, so they have to show here.

Usage: python main.py SAMPLE_FOLDER RENDERED_FOLDER LABEL [--https]
Prints one line per check, exits 1 when one fails. Runs in the environment that has cfn-lint.
"""

import pathlib
import sys

import balancer
import functions
import scaling
import table
import task
from sample import Sample


def main(folder, rendered, label, *flags):
    sample = Sample(pathlib.Path(folder).resolve(), pathlib.Path(rendered), '--https' in flags)
    failed = False
    for check in checks():
        if not check.only(sample):
            continue
        try:
            problem = check(sample)
        except (AssertionError, AttributeError, KeyError, TypeError, ValueError) as error:
            problem = f'cannot be told: {type(error).__name__} {error}'
        if problem:
            failed = True
            print(f'not ok - {label}: {check.title}: {problem}. Next: look at {check.look_at}')
        else:
            print(f'ok - {label}: {check.title}')
    return 1 if failed else 0


def checks():
    for module in (task, balancer, scaling, functions, table):
        yield from (value for value in vars(module).values() if hasattr(value, 'look_at'))


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
