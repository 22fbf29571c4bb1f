import type { Tool } from '../../../src/mcp/tool.ts';
import { fixture, says } from './fixture.ts';
import { IMAGE, SOUND } from './samples.ts';
import { request } from './toolbox.ts';

/** Tools that answer at once, each with another kind of content or with notifications. */
export const contentTools: Tool[] = [
  fixture({
    name: 'test_simple_text',
    description: 'Answers a text',
    run: () => says('This is a simple text response for testing.'),
  }),
  fixture({
    name: 'test_image_content',
    description: 'Answers an image',
    run: () => ({ content: [{ type: 'image', ...IMAGE }] }),
  }),
  fixture({
    name: 'test_audio_content',
    description: 'Answers a sound',
    run: () => ({ content: [{ type: 'audio', ...SOUND }] }),
  }),
  fixture({
    name: 'test_embedded_resource',
    description: 'Answers a resource',
    run: () => ({
      content: [
        {
          type: 'resource',
          resource: {
            uri: 'test://embedded-resource',
            mimeType: 'text/plain',
            text: 'This is an embedded resource content.',
          },
        },
      ],
    }),
  }),
  fixture({
    name: 'test_multiple_content_types',
    description: 'Answers a text, an image and a resource',
    run: () => ({
      content: [
        { type: 'text', text: 'Multiple content types test:' },
        { type: 'image', ...IMAGE },
        {
          type: 'resource',
          resource: {
            uri: 'test://mixed-content-resource',
            mimeType: 'application/json',
            text: '{"test":"data","value":123}',
          },
        },
      ],
    }),
  }),
  fixture({
    name: 'test_error_handling',
    description: 'Breaks',
    run: () => {
      throw new Error('This tool intentionally returns an error for testing');
    },
  }),
  fixture({
    name: 'test_tool_with_progress',
    description: 'Says three times how far it is',
    async run(_, { progress, wait }) {
      for (const done of [0, 50, 100]) {
        await progress(done, 100, `${done} of 100`);
        await wait(50);
      }
      return says('All steps are done.');
    },
  }),
  fixture({
    name: 'test_tool_with_logging',
    description: 'Logs three times to the client',
    async run(_, { wait }) {
      for (const line of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
        await request().log('info', line);
        await wait(50);
      }
      return says('Three lines were logged.');
    },
  }),
  fixture({
    name: 'test_logging_tool',
    description: 'Logs to a client that wants it',
    async run() {
      await request().log('info', 'A line for the client that asked for it');
      return says('Done.');
    },
  }),
  fixture({
    name: 'test_streaming_elicitation',
    description: 'Answers without a request of its own on the stream',
    run: () => says('Nothing but an answer.'),
  }),
];
