import type { ToolDefinition } from './define-tool.ts';
import { findDeprecatedFunctions } from './find-deprecated-functions.ts';
import { getFunction } from './get-function.ts';
import { getRuntimesInfo } from './get-runtimes-info.ts';
import { invokeFunction } from './invoke-function.ts';
import { listFunctions } from './list-functions.ts';
import { planRuntimeUpgrade } from './plan-runtime-upgrade.ts';
import { rollbackFunctionRuntime } from './rollback-function-runtime.ts';
import { updateFunctionRuntime } from './update-function-runtime.ts';

/** Every tool of this server. A new tool is one file and one entry here. */
export const tools: readonly ToolDefinition[] = [
  getRuntimesInfo,
  findDeprecatedFunctions,
  listFunctions,
  getFunction,
  planRuntimeUpgrade,
  updateFunctionRuntime,
  rollbackFunctionRuntime,
  invokeFunction,
];
