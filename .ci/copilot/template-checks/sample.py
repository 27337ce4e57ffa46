"""A sample's manifest beside the CloudFormation that Copilot made of it."""

import json
import re

import yaml
from cfnlint.decode import decode

# What each sample promises, whatever its manifest says. A new sample gets a line here.
PROMISES = {
    'stateless-mcp': {'sticky': False, 'table': False},
    'stateful-mcp': {'sticky': True, 'table': True},
}


def check(title, look_at, only=lambda sample: True):
    """Marks a check: a function that returns what is wrong, or None.

    `look_at` is the reader's next step, `only` says which samples promise it at all.
    """

    def mark(function):
        function.title, function.look_at, function.only = title, look_at, only
        return function

    return mark


class Sample:
    """A sample's manifest beside what Copilot made of it."""

    def __init__(self, folder, rendered, https):
        self.folder = folder
        self.https = https
        [manifest_file] = folder.glob('copilot/*/manifest.yml')
        self.service_name = manifest_file.parent.name
        self.promise = PROMISES[self.service_name]
        self.manifest = yaml.safe_load(manifest_file.read_text())
        self.parameters = json.loads(
            (rendered / f'{self.service_name}-test.params.json').read_text()
        )['Parameters']
        self.service = load(rendered / f'{self.service_name}-test.stack.yml')['Resources']
        self.environment = load(rendered / 'test.env.yml')['Resources']
        addons = rendered / f'{self.service_name}.addons.stack.yml'
        self.addons = load(addons) if addons.exists() else None

    def value(self, node):
        """The value of a property, a reference to a stack parameter followed."""
        if isinstance(node, dict) and list(node) == ['Ref']:
            return self.parameters[node['Ref']]
        return node

    def properties(self, logical_id):
        return self.service[logical_id]['Properties']

    def target_group_attributes(self):
        pairs = self.properties('TargetGroup')['TargetGroupAttributes']
        attributes = {pair['Key']: str(pair['Value']).lower() for pair in pairs}
        assert len(attributes) == len(pairs), 'the target group has an attribute twice'
        return attributes

    def containers(self):
        return self.properties('TaskDefinition')['ContainerDefinitions']

    def variables(self):
        return {item['Name']: item['Value'] for item in self.containers()[0]['Environment']}


def load(file):
    template, problems = decode(str(file))
    assert template is not None, f'{file.name} is no template: {problems}'
    return template


def seconds(duration):
    number, unit = re.fullmatch(r'(\d+)([sm])', duration).groups()
    return int(number) * {'s': 1, 'm': 60}[unit]


def differs(what, rendered, wanted):
    return None if rendered == wanted else f'{what} is {rendered!r}, not {wanted!r}'
