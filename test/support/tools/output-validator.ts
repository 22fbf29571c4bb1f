import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { describeTool } from '../../../src/mcp/definitions/tool-definition.ts';
import type { Tool } from '../../../src/mcp/tool.ts';

const ajv = new Ajv2020({ strict: false, validateFormats: false });
const validators = new Map<Tool, ValidateFunction>();

/** Validates results against the output schema that a tool publishes. A process compiles each schema once, because that is slow. */
export function outputValidatorOf(tool: Tool): ValidateFunction {
  let validator = validators.get(tool);
  if (validator === undefined) {
    validator = ajv.compile(describeTool(tool).outputSchema);
    validators.set(tool, validator);
  }
  return validator;
}
