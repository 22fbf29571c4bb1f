// No model is called. This file replaces fetch before a framework loads, records requests to the model, and answers
// 400.
const program = new URL(process.env.PROGRAM_URL).origin;
const realFetch = globalThis.fetch;
const HOSTS = ['api.openai.com', 'api.anthropic.com', 'generativelanguage.googleapis.com'];
let bodies = [];

globalThis.fetch = async (resource, init) => {
  const url = new URL(resource.url ?? resource);
  if (url.origin === program) return realFetch(resource, init);
  if (HOSTS.includes(url.hostname)) bodies.push(init?.body ?? (await resource.text()));
  return Response.json({ error: { message: 'No model is called.', type: 'invalid_request_error' } }, { status: 400 });
};

/** The tools in the one request that `ask` sends to a model. */
export async function sentTo(ask) {
  bodies = [];
  // Every framework reports the 400 in its own way.
  const error = await Promise.resolve()
    .then(ask)
    .catch((reason) => reason);
  if (bodies.length !== 1) throw new Error(`${bodies.length} requests to a model`, { cause: error });
  const { tools } = JSON.parse(bodies[0]);
  return tools.flatMap((tool) => tool.functionDeclarations ?? [tool.function ?? tool]).map(readTool);
}

/** Each provider has another name for the schema of a tool. */
function readTool({ name, description, strict, parameters, parametersJsonSchema, input_schema, responseJsonSchema }) {
  const schema = parameters ?? parametersJsonSchema ?? input_schema;
  return { name, description, strict, schema, output: responseJsonSchema };
}

/** Every SDK requires a key. */
export const KEY = { apiKey: 'no-key-of-a-model' };
