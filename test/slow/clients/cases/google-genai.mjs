import { GoogleGenAI } from '@google/genai';
import { KEY } from '../models.mjs';

export async function open({ client, tools }) {
  const { functionDeclarations } = await tools.tool();
  const { models } = new GoogleGenAI(KEY);
  return {
    names: functionDeclarations.map(({ name }) => name),
    call: (name, args) => tools.callTool([{ name, args }]),
    models: {
      gemini: () => models.generateContent({ model: 'gemini-2.5-flash', contents: 'Hello', config: { tools: [tools] } }),
    },
    close: () => client.close(),
  };
}
