"""The Lambda functions that Copilot brings along."""

import datetime
import json
import pathlib

import cfnlint
from sample import check, differs

RUNTIME = 'nodejs24.x'
IN_THE_SERVICE = {'EnvControllerFunction', 'RulePriorityFunction', 'DynamicDesiredCountFunction'}
IN_THE_ENVIRONMENT = {
    'CertificateValidationFunction',
    'CustomDomainFunction',
    'DNSDelegationFunction',
}


@check(
    f'every helper function of the service runs on {RUNTIME}',
    "the service's overrides/cfn.patches.yml",
)
def service_helpers(sample):
    return helper_runtimes(sample.service, IN_THE_SERVICE)


@check(
    f'every helper function of the environment runs on {RUNTIME}',
    'environments/overrides/cfn.patches.yml',
)
def environment_helpers(sample):
    return helper_runtimes(sample.environment, IN_THE_ENVIRONMENT)


@check(
    'Lambda creates these functions for a year at least',
    'the patches and functions.py, and raise the runtime',
)
def helper_dates(sample):
    data = pathlib.Path(cfnlint.__file__).parent / 'data/AdditionalSpecs/LmbdRuntimeLifecycle.json'
    lifecycle = json.loads(data.read_text())  # cfn-lint follows AWS's own table of dates
    in_a_year = (datetime.date.today() + datetime.timedelta(days=365)).isoformat()
    for name, runtime in (functions(sample.service) | functions(sample.environment)).items():
        refused_from = lifecycle[runtime]['create-block']
        if refused_from is not None and refused_from < in_a_year:
            return (
                f'{name} runs on {runtime}, which Lambda refuses to create from {refused_from} on'
            )


def functions(resources):
    return {
        name: resource['Properties'].get('Runtime')
        for name, resource in resources.items()
        if resource['Type'] == 'AWS::Lambda::Function'
    }


def helper_runtimes(resources, names):
    rendered = functions(resources)
    old = {name: runtime for name, runtime in rendered.items() if runtime != RUNTIME}
    return f'{old} are not' if old else differs('the functions rendered', set(rendered), names)
