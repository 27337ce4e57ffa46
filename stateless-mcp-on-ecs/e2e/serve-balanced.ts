import { once } from 'node:events';
import { startTask } from '../src/demo-task.ts';
import { startHaproxy } from './haproxy.ts';

/** Three tasks behind HAProxy until this process is told to end, for clients that are no test. */
const tasks = await Promise.all([1, 2, 3].map(() => startTask()));
const balancer = await startHaproxy(tasks.map(({ url }) => url));
console.log(balancer.url.href);
await once(process, 'SIGTERM');
await balancer.stop();
await Promise.all(tasks.map((task) => task.stop('SIGKILL')));
