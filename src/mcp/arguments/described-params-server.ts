import {
  type JSONRPCRequest,
  ProtocolError,
  ProtocolErrorCode,
  type Result,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';

type Handler = (request: JSONRPCRequest, context: ServerContext) => Promise<Result>;

/** An issue of the validator, as far as a sentence needs it. */
interface Issue {
  code: string;
  path: PropertyKey[];
  message: string;
  expected?: string;
}

/** How many issues one error names. */
const MAX_ISSUES = 5;

/** A server that describes invalid params in words, with the code -32602. The SDK answers with the output of its validator. */
export class DescribedParamsServer extends Server {
  protected override _wrapHandler(method: string, handler: Handler): Handler {
    const wrapped = super._wrapHandler(method, handler);
    return async (request, context) => {
      try {
        return await wrapped(request, context);
      } catch (error) {
        const issues = readIssues(error);
        throw issues === undefined ? error : describe(method, issues);
      }
    };
  }
}

/** The issues in the message of an error of the SDK's validator. undefined for any other error. */
function readIssues(error: unknown): Issue[] | undefined {
  const { message } = error as Error;
  // Validation of results has a text of its own before the issues.
  const json = /^(?:Invalid \S+ request: )?(\[\s*\{[\s\S]*\])$/.exec(message)?.[1];
  if (json === undefined) return undefined;
  try {
    const issues: unknown = JSON.parse(json);
    return Array.isArray(issues) && issues.every((issue) => Array.isArray(issue?.path)) ? issues : undefined;
  } catch {
    return undefined;
  }
}

function describe(method: string, issues: readonly Issue[]): ProtocolError {
  const described = issues.slice(0, MAX_ISSUES).map((issue) => `${issue.path.join('.')} ${problemOf(issue)}`);
  const message = `Invalid params of ${method}: ${described.join('; ')}. Nothing was done.`;
  return new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}

function problemOf({ code, expected, message }: Issue): string {
  if (code === 'invalid_type' && expected !== undefined)
    return `must be of type ${expected.replace('record', 'object')}`;
  return `is invalid (${message.replace(/\.$/, '')})`;
}
