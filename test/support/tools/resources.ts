import { afterAll, beforeAll, beforeEach } from 'vitest';
import { HeyReachConnection } from '../../../src/client/index.ts';
import type { RequestContext } from '../../../src/mcp/request-context.ts';
import { ChangeEvents } from '../../../src/mcp/services/change-events.ts';
import { guides, resources } from '../../../src/resources/index.ts';
import { listResources } from '../../../src/resources/protocol/list-resources.ts';
import { readResource } from '../../../src/resources/protocol/read-resource.ts';
import { type HeyReachStub, type RecordedRequest, type StubAnswer, startStub } from '../heyreach/heyreach-stub.ts';
import { TEST_KEY } from '../runs/keys.ts';
import { files } from './caller-files.ts';
import { hiddenJobs } from './jobs.ts';
import { openSafety } from './safety.ts';

/** By the path of an operation, without query, below /api/public. */
export type Answers = Record<string, StubAnswer | ((request: RecordedRequest) => StubAnswer | Promise<StubAnswer>)>;

export interface ReadOptions {
  toolMs?: number;
  /** Hidden tools. */
  hidden?: string[];
  maxBytes?: number;
  key?: string;
  /** Receives the lines of the log: level, fields, message. */
  lines?: [level: string, fields: object, message: string][];
}

export interface Reader {
  stub: HeyReachStub;
  /** Sets the answers by operation. The path `*` is for all others, which otherwise get an empty 200. */
  answerWith(answers: Answers): void;
  /** The operation and the body or query of each request since the test began. */
  asked(): [path: string, input: unknown][];
  /** Reads on its own connection, so that the failure of one read does not affect the next. */
  read(uri: string, options?: ReadOptions): Promise<{ text: string; data: Record<string, unknown> }>;
  list(cursor?: string, options?: ReadOptions): ReturnType<typeof listResources>;
}

/** For the tests of one file: the readers of resources with a raw recording socket. */
export function useReader(): Reader {
  let stub: HeyReachStub;
  beforeAll(async () => {
    stub = await startStub();
  });
  beforeEach(() => {
    stub.requests.length = 0;
    stub.answer(() => ({}));
  });
  afterAll(() => stub?.close());

  const withCaller = async <Result>(
    { toolMs = 20_000, hidden = [], key = TEST_KEY, maxBytes, lines = [] }: ReadOptions,
    act: (caller: RequestContext, reading: Parameters<typeof listResources>[1]) => Promise<Result>,
  ): Promise<Result> => {
    const connection = new HeyReachConnection({ origin: stub.url });
    const line = (level: string) => (fields: object, message: string) => void lines.push([level, fields, message]);
    const caller: RequestContext = {
      client: connection.clientFor(key),
      organization: undefined,
      source: 'live',
      log: { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') },
      safety: openSafety(),
      jobs: hiddenJobs,
      files,
      changes: new ChangeEvents(),
      toolMs,
    };
    try {
      return await act(caller, { resources, guides, hasTool: (name) => !hidden.includes(name), maxBytes });
    } finally {
      await connection.close();
    }
  };

  const signal = () => new AbortController().signal;
  return {
    get stub() {
      return stub;
    },
    answerWith(answers) {
      stub.answer((request) => {
        const path = decodeURIComponent(request.path.replace('/api/public', '').split('?')[0] ?? '');
        const match = Object.entries(answers).find(
          ([name]) => path === name || (name.endsWith('/') && path.startsWith(name)),
        );
        const answer = match?.[1] ?? answers['*'];
        return typeof answer === 'function' ? answer(request) : (answer ?? {});
      });
    },
    asked: () =>
      stub.requests.map(({ path, body }) => {
        const [name = '', query] = path.replace('/api/public', '').split('?');
        return [name, body === '' ? query : JSON.parse(body)];
      }),
    async read(uri, options = {}) {
      const { contents } = await withCaller(options, (caller, reading) => readResource(uri, reading, caller, signal()));
      const texts = contents.map((content) => ('text' in content ? content.text : ''));
      return { text: texts[0]!, data: JSON.parse(texts.at(-1)!) };
    },
    list: (cursor, options = {}) =>
      withCaller(options, (caller, reading) => listResources(cursor, reading, caller, signal())),
  };
}
