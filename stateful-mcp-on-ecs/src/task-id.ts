import * as z from 'zod';

const READ_TIMEOUT_MS = 2000;
const task = z.object({ TaskARN: z.string() });

/**
 * Resolves to the id of the ECS task that this process is, or to undefined where there is none or
 * the endpoint does not answer in time: a name is not worth a failed start.
 * Source: "Amazon ECS task metadata endpoint version 4", path /task.
 */
export async function readTaskId(metadataUrl: string | undefined): Promise<string | undefined> {
  if (metadataUrl === undefined) return undefined;
  try {
    const signal = AbortSignal.timeout(READ_TIMEOUT_MS);
    const response = await fetch(`${metadataUrl}/task`, { signal });
    // arn:aws:ecs:region:account:task/cluster/id
    return task
      .parse(await response.json())
      .TaskARN.split('/')
      .at(-1);
  } catch {
    return undefined;
  }
}
