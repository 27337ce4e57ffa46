"""The load balancer: health check, stickiness, draining, HTTPS."""

from sample import check, differs, seconds

# The servers' own defaults (their config tables), which the deployment has to leave room for.
DRAIN_TIMEOUT_SECONDS = 25
SESSION_IDLE_SECONDS = 30 * 60
ECS_DEFAULT_STOP_TIMEOUT_SECONDS = 30


@check('the load balancer asks /health', 'http.healthcheck.path')
def health_path(sample):
    return differs('the path', sample.properties('TargetGroup')['HealthCheckPath'], '/health')


@check('the health check times out before its next turn', 'http.healthcheck.interval and timeout')
def health_times(sample):
    group, wanted = sample.properties('TargetGroup'), sample.manifest['http']['healthcheck']
    interval, timeout = group['HealthCheckIntervalSeconds'], group['HealthCheckTimeoutSeconds']
    if not (5 <= interval <= 300 and 2 <= timeout <= 120 and timeout < interval):
        return f'{timeout} s, every {interval} s; AWS takes 2 to 120 s, less than every 5 to 300'
    return differs('the interval', interval, seconds(wanted['interval'])) or differs(
        'the timeout', timeout, seconds(wanted['timeout'])
    )


@check('the health thresholds and the grace period are as meant', 'http.healthcheck')
def health_thresholds(sample):
    group, wanted = sample.properties('TargetGroup'), sample.manifest['http']['healthcheck']
    grace = sample.properties('Service')['HealthCheckGracePeriodSeconds']
    return (
        differs('healthy', group['HealthyThresholdCount'], wanted['healthy_threshold'])
        or differs('unhealthy', group['UnhealthyThresholdCount'], wanted['unhealthy_threshold'])
        or differs('grace', grace, seconds(wanted['grace_period']))
    )


@check('stickiness is as the sample promises', 'http.stickiness, a boolean, spelt in full')
def stickiness(sample):
    wanted = sample.promise['sticky']
    return differs(
        'in the manifest, http.stickiness', sample.manifest['http'].get('stickiness'), wanted
    ) or differs(
        'rendered, stickiness.enabled',
        sample.target_group_attributes()['stickiness.enabled'],
        str(wanted).lower(),
    )


@check(
    'the cookie outlives an idle session',
    "the patch on TargetGroupAttributes in the service's overrides",
    only=lambda sample: sample.promise['sticky'],
)
def cookie(sample):
    duration = sample.target_group_attributes().get('stickiness.lb_cookie.duration_seconds')
    if duration is None:
        return 'no duration is rendered, so it is the default of a day'
    if not SESSION_IDLE_SECONDS < int(duration) <= 7 * 24 * 3600:
        return f'{duration} s, with an idle time of {SESSION_IDLE_SECONDS} s and a week at most'


@check('the load balancer gives a call as long as the drain does', 'http.deregistration_delay')
def deregistration(sample):
    delay = int(sample.target_group_attributes()['deregistration_delay.timeout_seconds'])
    if not DRAIN_TIMEOUT_SECONDS <= delay <= 2 * DRAIN_TIMEOUT_SECONDS:
        return f'{delay} s, where the drain takes up to {DRAIN_TIMEOUT_SECONDS} s'
    return differs('the delay', delay, seconds(sample.manifest['http']['deregistration_delay']))


@check(
    'ECS waits longer than the drain before it kills',
    'StopTimeout, or DRAIN_TIMEOUT_SECONDS among the variables',
)
def stop_timeout(sample):
    drain = int(sample.variables().get('DRAIN_TIMEOUT_SECONDS', DRAIN_TIMEOUT_SECONDS))
    for container in sample.containers():
        stop = container.get('StopTimeout', ECS_DEFAULT_STOP_TIMEOUT_SECONDS)
        if not drain < stop <= 120:
            return f'stop timeout {stop} s, drain {drain} s; Fargate takes 120 s at most'


@check(
    'HTTPS serves, HTTP redirects to it',
    'http.alias and the domain given to copilot app init',
    only=lambda sample: sample.https,
)
def https(sample):
    actions = {
        rule: [action['Type'] for action in sample.properties(rule)['Actions']]
        for rule in ('HTTPSListenerRule', 'HTTPListenerRuleWithDomain')
    }
    return (
        differs(
            'the rules',
            actions,
            {'HTTPSListenerRule': ['forward'], 'HTTPListenerRuleWithDomain': ['redirect']},
        )
        or differs('HTTPSEnabled', sample.parameters['HTTPSEnabled'], 'true')
        or differs(
            'the host',
            sample.properties('HTTPSListenerRule')['Conditions'][0]['HostHeaderConfig']['Values'],
            [sample.manifest['http']['alias']],
        )
    )
