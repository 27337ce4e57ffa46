"""The image, the container and the size of the task."""

import pathlib

from sample import check, differs

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
GB = 1024
FARGATE_MEMORY = {
    256: [512, GB, 2 * GB],
    512: range(GB, 4 * GB + 1, GB),
    1024: range(2 * GB, 8 * GB + 1, GB),
    2048: range(4 * GB, 16 * GB + 1, GB),
    4096: range(8 * GB, 30 * GB + 1, GB),
    8192: range(16 * GB, 60 * GB + 1, 4 * GB),
    16384: range(32 * GB, 120 * GB + 1, 8 * GB),
}
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
# fmt: off
RETENTION_DAYS = {
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
}
# fmt: on


@check('the Dockerfile that the manifest names exists', 'image.build, or write the Dockerfile')
def dockerfile(sample):
    build = sample.manifest['image']['build']
    for path, exists in (
        (build['context'], pathlib.Path.is_dir),
        (build['dockerfile'], pathlib.Path.is_file),
    ):
        if not exists(sample.folder / path):
            return f'{sample.folder.name}/{path} does not exist'


@check('the container listens where the load balancer looks', 'image.port and variables')
def port(sample):
    [load_balancer] = sample.properties('Service')['LoadBalancers']
    wanted = sample.manifest['image']['port']
    return (
        differs('HOST', sample.variables()['HOST'], '0.0.0.0')
        or differs('PORT', int(sample.variables()['PORT']), wanted)
        or differs("the load balancer's port", load_balancer['ContainerPort'], wanted)
        or differs(
            "the container's port",
            sample.containers()[0]['PortMappings'][0]['ContainerPort'],
            wanted,
        )
    )


@check('Fargate sells the task size', 'cpu and memory; the sizes are in task.py')
def task_size(sample):
    task = sample.properties('TaskDefinition')
    cpu, memory = int(sample.value(task['Cpu'])), int(sample.value(task['Memory']))
    if memory not in FARGATE_MEMORY.get(cpu, []):
        return f'cpu {cpu} with memory {memory} is not among the sizes'
    return differs('cpu', cpu, sample.manifest['cpu']) or differs(
        'memory', memory, sample.manifest['memory']
    )


@check('the task runs on Linux and arm64', 'platform')
def platform(sample):
    runtime = sample.properties('TaskDefinition')['RuntimePlatform']
    return differs('the architecture', runtime['CpuArchitecture'], 'ARM64') or differs(
        'the system', runtime['OperatingSystemFamily'], 'LINUX'
    )


@check('every root file system is read-only', 'storage.readonly_fs')
def read_only(sample):
    for container in sample.containers():
        if container.get('ReadonlyRootFilesystem') is not True:
            return f'ReadonlyRootFilesystem is {container.get("ReadonlyRootFilesystem")!r}'


@check('ECS Exec is off', 'exec')
def ecs_exec(sample):
    if sample.properties('Service').get('EnableExecuteCommand'):
        return 'EnableExecuteCommand is on'


@check(
    'logs are kept for a number of days that CloudWatch takes',
    'logging.retention; the numbers are in task.py',
)
def retention(sample):
    days = int(sample.value(sample.properties('LogGroup')['RetentionInDays']))
    if days not in RETENTION_DAYS:
        return f'{days} is not such a number'
    return differs('the retention', days, sample.manifest['logging']['retention'])
