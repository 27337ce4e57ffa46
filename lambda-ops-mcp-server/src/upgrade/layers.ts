import * as z from 'zod';
import type { Aws } from '../aws/aws.ts';
import { isFailure } from '../aws/failure.ts';

export const layerInfo = z.object({
  arn: z.string(),
  compatibleRuntimes: z
    .array(z.string())
    .nullable()
    .describe('null when the layer does not say, or may not be read (layers of other accounts)'),
});
export type LayerInfo = z.infer<typeof layerInfo>;

/** What the function's layers say about the runtimes they are made for. */
export async function readLayers(aws: Aws, region: string, arns: string[]): Promise<LayerInfo[]> {
  return Promise.all(
    arns.map(async (arn) => {
      try {
        const { CompatibleRuntimes = [] } = await aws.getLayer(region, arn);
        return {
          arn,
          compatibleRuntimes: CompatibleRuntimes.length > 0 ? CompatibleRuntimes : null,
        };
      } catch (error) {
        // Public layers can be used without being readable, and old layer versions can be deleted.
        if (!isFailure(error, 'AccessDeniedException', 'ResourceNotFoundException')) throw error;
        return { arn, compatibleRuntimes: null };
      }
    }),
  );
}
