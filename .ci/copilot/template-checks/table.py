"""The addon: the sessions' table and the right to use it."""

from sample import check, differs

# Exactly what the server calls. It deletes by BatchWriteItem.
TABLE_ACTIONS = {
    'dynamodb:' + action
    for action in (
        'GetItem',
        'Query',
        'PutItem',
        'UpdateItem',
        'BatchWriteItem',
    )
}


def has_table(sample):
    return sample.promise['table']


def table(sample):
    [properties] = [
        resource
        for resource in sample.addons['Resources'].values()
        if resource['Type'] == 'AWS::DynamoDB::Table'
    ]
    return properties['Properties']


@check('no table is rendered', 'addons/', only=lambda sample: not sample.promise['table'])
def no_table(sample):
    if sample.addons is not None or 'SESSIONS_TABLE_NAME' in sample.variables():
        return 'there is an addon'


@check(
    'the table has the keys pk and sk, both text', 'addons/sessions.yml, KeySchema', only=has_table
)
def table_keys(sample):
    keys = {key['AttributeName']: key['KeyType'] for key in table(sample)['KeySchema']}
    types = {
        key['AttributeName']: key['AttributeType'] for key in table(sample)['AttributeDefinitions']
    }
    return differs('the keys', keys, {'pk': 'HASH', 'sk': 'RANGE'}) or differs(
        'the types', types, {'pk': 'S', 'sk': 'S'}
    )


@check('the table is paid on demand', 'addons/sessions.yml, BillingMode', only=has_table)
def table_billing(sample):
    return differs('BillingMode', table(sample).get('BillingMode'), 'PAY_PER_REQUEST')


@check(
    'the table expires items by expiresAt',
    'addons/sessions.yml, TimeToLiveSpecification',
    only=has_table,
)
def table_ttl(sample):
    return differs(
        'the time to live',
        table(sample).get('TimeToLiveSpecification'),
        {'AttributeName': 'expiresAt', 'Enabled': True},
    )


@check(
    'the table is encrypted under a key of the account',
    'addons/sessions.yml, SSESpecification',
    only=has_table,
)
def table_encryption(sample):
    return differs('SSEEnabled', table(sample).get('SSESpecification', {}).get('SSEEnabled'), True)


@check(
    'the table can be restored to a point in time',
    'addons/sessions.yml, PointInTimeRecoverySpecification',
    only=has_table,
)
def table_recovery(sample):
    return differs(
        'PointInTimeRecoveryEnabled',
        table(sample).get('PointInTimeRecoverySpecification', {}).get('PointInTimeRecoveryEnabled'),
        True,
    )


@check(
    'the policy allows exactly what the server calls, on that table only',
    'addons/sessions.yml, TABLE_ACTIONS in table.py',
    only=has_table,
)
def table_policy(sample):
    [policy] = [
        resource['Properties']
        for resource in sample.addons['Resources'].values()
        if resource['Type'] == 'AWS::IAM::ManagedPolicy'
    ]
    [statement] = policy['PolicyDocument']['Statement']
    return (
        differs('the keys of the statement', set(statement), {'Effect', 'Action', 'Resource'})
        or differs('the effect', statement['Effect'], 'Allow')
        or differs('the actions', set(statement['Action']), TABLE_ACTIONS)
        or differs('the resource', statement['Resource'], {'Fn::GetAtt': ['SessionsTable', 'Arn']})
    )


@check(
    "the container gets the table's name, its role the policy",
    'addons/sessions.yml, Outputs',
    only=has_table,
)
def table_wiring(sample):
    return (
        differs(
            'SESSIONS_TABLE_NAME',
            sample.variables().get('SESSIONS_TABLE_NAME'),
            {'Fn::GetAtt': ['AddonsStack', 'Outputs.SessionsTableName']},
        )
        or differs(
            'the output',
            sample.addons['Outputs']['SessionsTableName']['Value'],
            {'Ref': 'SessionsTable'},
        )
        or differs(
            "the role's policies",
            sample.properties('TaskRole').get('ManagedPolicyArns'),
            [{'Fn::GetAtt': ['AddonsStack', 'Outputs.SessionsTablePolicyArn']}],
        )
        or differs('the parameters', set(sample.addons['Parameters']), {'App', 'Env', 'Name'})
    )
