import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import * as z from 'zod';
import type { WritePolicy } from '../policy/write-policy.ts';

const FIND_AND_PLAN = [
  'Call find-deprecated-functions (withinDays: 180, allVersions: false) {scope}. Report the totals, ' +
    'the regions that failed, and the most urgent functions. Follow nextCursor until you have all.',
  'Go region by region, the most urgent function first, and within a region non-production before ' +
    'production. For each function call plan-runtime-upgrade and show the plan: what breaks, layers, ' +
    'way back, owner, aliases.',
  'Where a stack owns the function, do not change it here: name the template line of the plan.',
  'Read the code where you can, and say which of the known changes really apply to it.',
];

const CHANGE = [
  'Propose a smoke test payload that has no side effects. When the user agrees, call ' +
    'update-function-runtime with the planId; one function at a time.',
  'After each upgrade say how it went. When it was rolled back, stop in this region, explain the ' +
    'reason, and ask how to go on. rollback-function-runtime undoes an upgrade later.',
  'Where aliases point at published versions, remind the user to publish and to move them.',
];

const READ_ONLY = [
  'This server is read-only: end with a list of the changes for the user to make, and say that ' +
    '--allow-writes would let this server make them.',
];

/** The whole way from the scan to the last upgrade, region by region. */
export function registerUpgradePrompt(server: McpServer, policy: WritePolicy): void {
  server.registerPrompt(
    'upgrade-deprecated-functions',
    {
      title: 'Upgrade deprecated functions',
      description: 'Find functions on deprecated runtimes and upgrade them, region by region.',
      argsSchema: {
        regions: z
          .string()
          .optional()
          .describe('Regions separated by commas; all enabled regions where it is left out'),
      },
    },
    ({ regions }) => {
      const scope = regions === undefined ? 'for all regions' : `with regions: ${regions}`;
      const steps = [...FIND_AND_PLAN, ...(policy.allowsWrites ? CHANGE : READ_ONLY)];
      const text = [
        'Upgrade the Lambda functions of this AWS account that run on deprecated runtimes:',
        ...steps.map((step, index) => `${index + 1}. ${step.replace('{scope}', scope)}`),
      ].join('\n');
      return { messages: [{ role: 'user', content: { type: 'text', text } }] };
    },
  );
}
