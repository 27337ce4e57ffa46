import { ToolError } from '../tools/define-tool.ts';
import type { FunctionRef } from './function-ref.ts';

/** A plan may be carried out this long, in milliseconds: time for a person to read it. */
const PLAN_LIFETIME_MS = 30 * 60 * 1000;

/** What a plan id stands for: one function, as it was, and where it is to go. */
export interface Plan {
  readonly planId: string;
  readonly expiresAt: Date;
  readonly functionRef: FunctionRef;
  /** Lambda always gives one; some emulations of it do not. */
  readonly revisionId: string | undefined;
  readonly from: string;
  readonly to: string;
  /** Said again when the plan is carried out; null when nobody owns the function. */
  readonly ownedBy: string | null;
  readonly canRollBack: boolean;
}

export interface PlanBook {
  add(plan: Omit<Plan, 'planId' | 'expiresAt'>): Plan;
  /** @throws {ToolError} when the id is unknown, expired or used */
  find(planId: string): Plan;
  /** Marks a plan as used and returns true, or false when another call was first. */
  take(planId: string): boolean;
}

/**
 * Keeps plans in this process only. A random id that has to be found here cannot be guessed or
 * forged, and it needs no secret; after a restart a new plan is one read-only call away, and takes
 * a fresh look at the function.
 */
export function createPlanBook(now: () => Date): PlanBook {
  const plans = new Map<string, Plan>();
  return {
    add(draft) {
      for (const { planId, expiresAt } of plans.values()) {
        if (expiresAt <= now()) plans.delete(planId);
      }
      const expiresAt = new Date(now().getTime() + PLAN_LIFETIME_MS);
      const plan = { ...draft, planId: crypto.randomUUID(), expiresAt };
      plans.set(plan.planId, plan);
      return plan;
    },
    find(planId) {
      const plan = plans.get(planId);
      if (plan === undefined || plan.expiresAt <= now()) {
        throw new ToolError(
          `There is no valid plan ${JSON.stringify(planId.slice(0, 80))}: it is unknown, older than ` +
            `${PLAN_LIFETIME_MS / 60_000} minutes, already carried out, or from before a restart. ` +
            'Nothing was changed. Make a new one with plan-runtime-upgrade.',
        );
      }
      return plan;
    },
    take: (planId) => plans.delete(planId),
  };
}
