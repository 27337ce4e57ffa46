import type { EmulatorSeed } from './emulator/emulator.ts';

const SHARP_LAYER = 'arn:aws:lambda:eu-west-1:123456789012:layer:sharp:3';

/** A small account with the things that make upgrades hard: callbacks, stacks, layers, aliases. */
export const demoAccount: EmulatorSeed = {
  latencyMs: 20,
  layers: [{ arn: SHARP_LAYER, compatibleRuntimes: ['nodejs18.x', 'nodejs20.x'] }],
  regions: {
    'eu-west-1': [
      {
        name: 'orders-api',
        runtime: 'nodejs20.x',
        environment: { TABLE_NAME: 'orders', API_KEY: 'a-secret' },
        run: (runtime) => ({ payload: { status: 'ok', runtime } }),
      },
      {
        name: 'thumbnails',
        runtime: 'nodejs18.x',
        layers: [SHARP_LAYER],
        versions: ['nodejs16.x', 'nodejs18.x'],
        aliases: { live: '2' },
        invocations: { '2026-11-20': 431 },
        run: (runtime) =>
          runtime === 'nodejs24.x'
            ? {
                payload: {
                  errorType: 'Runtime.CallbackHandlerDeprecated',
                  errorMessage: 'Callback-based handlers are not supported',
                },
                functionError: 'Unhandled',
              }
            : { payload: { thumbnails: 3 } },
      },
      { name: 'search', runtime: 'python3.14' },
    ],
    'us-east-1': [
      {
        name: 'billing-export',
        runtime: 'python3.9',
        tags: {
          'aws:cloudformation:stack-name': 'billing',
          'aws:cloudformation:logical-id': 'ExportFunction',
          'lambda:createdBy': 'SAM',
        },
      },
      { name: 'image-resizer' },
      { name: 'ingest', runtime: 'go1.x' },
    ],
    'ap-southeast-2': [{ name: 'reports', runtime: 'java21' }],
  },
};
