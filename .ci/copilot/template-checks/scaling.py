"""How many tasks run, and what changes their number."""

from sample import check, differs


@check('at least two tasks run, up to the maximum that is meant', 'count.range')
def scaling_range(sample):
    target = sample.properties('AutoScalingTarget')
    low, high = target['MinCapacity'], target['MaxCapacity']
    if not 2 <= low < high:
        return f'{low} to {high}'
    return differs('the range', f'{low}-{high}', sample.manifest['count']['range']) or differs(
        'TaskCount', int(sample.parameters['TaskCount']), low
    )


@check('processor use and requests scale the service', 'count.cpu_percentage and count.requests')
def scaling_policies(sample):
    rendered = {}
    for resource in sample.service.values():
        if resource['Type'] == 'AWS::ApplicationAutoScaling::ScalingPolicy':
            tracking = resource['Properties']['TargetTrackingScalingPolicyConfiguration']
            metric = (
                tracking.get('PredefinedMetricSpecification', {}).get('PredefinedMetricType')
                or tracking['CustomizedMetricSpecification']['MetricName']
            )
            rendered[metric] = tracking['TargetValue']
    count = sample.manifest['count']
    return differs(
        'the policies',
        rendered,
        {
            'ECSServiceAverageCPUUtilization': count['cpu_percentage'],
            'RequestCountPerTarget': count['requests'],
        },
    )
