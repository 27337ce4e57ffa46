import * as z from 'zod';
import type { Aws } from '../aws/aws.ts';
import { ToolError } from '../tools/define-tool.ts';

/** A function and the region it is in. */
export interface FunctionRef {
  readonly functionName: string;
  readonly region: string;
}

export const regionInput = z
  .string()
  .regex(/^[a-z]{2,4}(-[a-z]+)+-\d+$/, 'is not a region; write it like eu-central-1');

export const functionNameInput = z
  .string()
  .regex(
    /^(arn:[a-z0-9-]+:lambda:[a-z0-9-]+:\d{12}:function:)?[A-Za-z0-9_-]{1,140}$/,
    'is not a function name or an unqualified function ARN; give versions and aliases as `qualifier`',
  )
  .describe('Function name, or its ARN without a version');

export const regionArgument = regionInput
  .optional()
  .describe('AWS region; the default of the AWS profile or environment where it is left out');

/**
 * Finds out name and region. An ARN names its own region.
 * @throws {ToolError} when an ARN and `region` contradict each other
 */
export async function resolveFunction(
  aws: Aws,
  functionName: string,
  region: string | undefined,
): Promise<FunctionRef> {
  if (!functionName.startsWith('arn:')) {
    return { functionName, region: region ?? (await aws.homeRegion()) };
  }
  const [, , , arnRegion = '', , , name = ''] = functionName.split(':');
  if (region !== undefined && region !== arnRegion) {
    throw new ToolError(
      `The ARN is in ${arnRegion}, and region says ${region}. Leave out region, or correct one.`,
    );
  }
  return { functionName: name, region: arnRegion };
}
