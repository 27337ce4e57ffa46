import { adviceFor } from './advice.ts';
import { AwsFailure } from './failure.ts';

export type Tolerant = <T>(work: Promise<T>, otherwise: T) => Promise<T>;

/**
 * For details that an answer can do without: a call that AWS refuses gives the other value, and its
 * reason is kept, each once, to be told beside the answer.
 */
export function createTolerance(): { tolerant: Tolerant; reasons: Set<string> } {
  const reasons = new Set<string>();
  return {
    reasons,
    async tolerant(work, otherwise) {
      try {
        return await work;
      } catch (error) {
        if (!(error instanceof AwsFailure)) throw error;
        reasons.add(adviceFor(error));
        return otherwise;
      }
    },
  };
}
