// Preloaded into the traced server: appends the stack of each request that undici gets to a file.
import { appendFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { TRACE_ROOT = '', TRACE_STACKS = '' } = process.env;
const { Agent } = createRequire(`${TRACE_ROOT}/package.json`)('undici') as typeof import('undici');
const dispatch = Agent.prototype.dispatch;
Error.stackTraceLimit = 100;
Agent.prototype.dispatch = function (...args) {
  appendFileSync(TRACE_STACKS, `${JSON.stringify({ path: args[0].path, stack: new Error().stack })}\n`);
  return dispatch.apply(this, args);
};
