import type { ReadResourceResult } from '@modelcontextprotocol/server';
import type { ResourceSet } from '../../../src/resources/protocol/read-resource.ts';
import { IMAGE } from './samples.ts';

const guide = (name: string, text: string) => ({
  uri: `test://${name}`,
  name,
  title: name,
  description: 'For the conformance suite',
  text,
});

/** Resources like the guides of the product, which are its only resources with free URIs. */
export const reading: ResourceSet = {
  resources: [],
  guides: [
    guide('static-text', 'This is the content of the static text resource.'),
    guide('static-binary', IMAGE.data),
    guide('example-resource', 'To be embedded in a prompt.'),
    guide('watched-resource', 'To be subscribed to.'),
  ],
  hasTool: () => true,
};

export const TEMPLATE = {
  uriTemplate: 'test://template/{id}/data',
  name: 'template',
  description: 'For the conformance suite',
  mimeType: 'application/json',
};

/** The content of the template for a URI. undefined for a URI that does not match. */
export function readTemplate(uri: string): ReadResourceResult | undefined {
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
  if (id === undefined) return undefined;
  const text = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` });
  return { contents: [{ uri, mimeType: TEMPLATE.mimeType, text }] };
}

/** Returns the image as a blob, because no resource of the product is binary. */
export function asBinary(result: ReadResourceResult): ReadResourceResult {
  const contents = result.contents.map(({ uri }) => ({ uri, mimeType: IMAGE.mimeType, blob: IMAGE.data }));
  return { ...result, contents };
}
