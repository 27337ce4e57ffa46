import * as z from 'zod';
import { familyOf } from '../runtimes/family.ts';

/** What made a function, and has to change it: changed behind its back, it drifts. */
export const owner = z.object({
  kind: z.enum(['cloudformation', 'sam', 'cdk', 'terraform']),
  name: z.string().describe('The stack, or the tag that gave Terraform away'),
  resource: z.string().nullable().describe('Logical id within the stack'),
});
export type Owner = z.infer<typeof owner>;

const STACK_TAG = 'aws:cloudformation:stack-name';
const LOGICAL_ID_TAG = 'aws:cloudformation:logical-id';
const TERRAFORM_KEYS = /^(terraform|tf[-_:]|hashicorp)/i;
const MANAGED_BY_KEYS = /^(managed[-_ ]?by|created[-_ ]?by|provisioner|iac)$/i;
/** CDK ends the logical ids it makes with eight hexadecimal digits. */
const CDK_LOGICAL_ID = /[0-9A-F]{8}$/;

/** Reads the owner from a function's tags. Terraform sets none by itself: only by convention. */
export function ownerOf(tags: Record<string, string>): Owner | null {
  const stack = tags[STACK_TAG];
  if (stack !== undefined) {
    const resource = tags[LOGICAL_ID_TAG] ?? null;
    return { kind: stackKind(tags, resource), name: stack, resource };
  }
  const terraform = Object.entries(tags).find(
    ([key, value]) =>
      TERRAFORM_KEYS.test(key) || (MANAGED_BY_KEYS.test(key) && /terraform|opentofu/i.test(value)),
  );
  return terraform === undefined
    ? null
    : { kind: 'terraform', name: `${terraform[0]}=${terraform[1]}`, resource: null };
}

/** The line to change in the owner's own source. */
export function templateLine({ kind }: Owner, runtime: string): string {
  if (kind === 'terraform') return `runtime = "${runtime}"`;
  if (kind === 'cdk') return `runtime: lambda.Runtime.${cdkConstant(runtime)}`;
  return `Runtime: ${runtime}`;
}

function stackKind(tags: Record<string, string>, logicalId: string | null): Owner['kind'] {
  if (tags['lambda:createdBy'] === 'SAM') return 'sam';
  const isCdk =
    Object.keys(tags).some((key) => key.startsWith('aws-cdk:')) ||
    CDK_LOGICAL_ID.test(logicalId ?? '');
  return isCdk ? 'cdk' : 'cloudformation';
}

/** `nodejs24.x` is NODEJS_24_X, `python3.14` PYTHON_3_14, `provided.al2023` PROVIDED_AL2023. */
function cdkConstant(runtime: string): string {
  const rest = runtime.slice(familyOf(runtime).length).replace(/^\./, '');
  return `${familyOf(runtime)}_${rest}`.replaceAll('.', '_').toUpperCase();
}
