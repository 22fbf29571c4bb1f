/** What an operation answers. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Ends an operation with an answer that is no success. */
export class Refusal extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(reply.body);
    this.reply = reply;
  }
}

export function json(value: unknown, status = 200): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** No body and no content type: most writes answer so. */
export function empty(status = 200): Reply {
  return { status, headers: {}, body: '' };
}

/** A body without a content type, as the 401s have it. */
export function bareText(status: number, text: string): Reply {
  return { status, headers: {}, body: text };
}

/** A business rule's refusal: `{"errorMessage": …}`. */
export function refuse(sentence: string, status = 400): Refusal {
  return new Refusal(json({ errorMessage: sentence }, status));
}

/** A deserialisation failure: the serialiser's own text. */
export function refuseText(sentence: string): Refusal {
  return new Refusal({ status: 400, headers: { 'content-type': 'text/plain' }, body: sentence });
}

/** The framework's validation problem: model binding failed. */
export function invalid(errors: Record<string, string[]>): Refusal {
  const body = JSON.stringify({
    type: 'https://tools.ietf.org/html/rfc9110#section-15.5.1',
    title: 'One or more validation errors occurred.',
    status: 400,
    errors,
    traceId: '00-00000000000000000000000000000001-0000000000000001-00',
  });
  return new Refusal({ status: 400, headers: { 'content-type': 'application/problem+json' }, body });
}
