import type { NodeType, SequenceNode } from '../model/index.ts';

type Delay = `${number} ${'HOUR' | 'DAY'}`;

interface Parts {
  payload?: Record<string, unknown>;
  conditional?: SequenceNode;
  next?: SequenceNode;
  reference?: string;
}

function node(nodeType: NodeType, delay: Delay, parts: Parts = {}): SequenceNode {
  const [amount, unit] = delay.split(' ');
  return {
    nodeType,
    actionDelay: Number(amount),
    actionDelayUnit: unit === 'DAY' ? 'DAY' : 'HOUR',
    ...(parts.payload ? { payload: parts.payload } : {}),
    ...(parts.reference ? { externalReference: parts.reference } : {}),
    ...(parts.conditional ? { conditionalNode: parts.conditional } : {}),
    ...(parts.next ? { unconditionalNode: parts.next } : {}),
  };
}

const end = (delay: Delay = '3 HOUR'): SequenceNode => node('END', delay);

function message(delay: Delay, texts: string[], next: SequenceNode): SequenceNode {
  const fallbackMessage = 'Hello, thank you for connecting. May I ask you a short question about your work?';
  // HeyReach adds a bare END to the "replied" side of every message.
  return node('MESSAGE', delay, { payload: { messages: texts, fallbackMessage }, conditional: end('0 HOUR'), next });
}

function inmail(delay: Delay, subject: string, text: string, next: SequenceNode): SequenceNode {
  const fallbackMessage = {
    subject,
    message: 'Hello, I have a short question about your work and would value your view.',
  };
  return node('INMAIL', delay, {
    payload: { messages: [{ subject, message: text }], fallbackMessage },
    conditional: end('0 HOUR'),
    next,
  });
}

function invitation(delay: Delay, note: string, conditional: SequenceNode, next: SequenceNode): SequenceNode {
  return node('CONNECTION_REQUEST', delay, {
    payload: { messages: note === '' ? [''] : [note], fallbackMessage: 'Hello!', toBeWithdrawnAfterDays: 21 },
    conditional: conditional,
    next,
  });
}

const like = (delay: Delay, next: SequenceNode): SequenceNode =>
  node('LIKE_POST', delay, {
    payload: { reactionType: 'LIKE', randomReaction: true, reactBefore: 'MONTH1', skipDelayIfCannotLike: true },
    next,
  });

const HELLO =
  'Hi {FIRST_NAME}, thank you for connecting. I work with people who do what you do at {COMPANY} and would like to hear what takes most of your time.';
const SECOND =
  'Hi {FIRST_NAME}, one more thought: teams like yours often start with a single list and one owner per lead. Would a short example be useful to you? 🙂';
const THIRD =
  'Hello {FIRST_NAME}, I will not write again after this. If the topic comes up one day, I am easy to find. All the best to you and {COMPANY}!';

/** Invitation, two messages. */
export function simpleSequence(): SequenceNode {
  const messages = message(
    '4 HOUR',
    [
      HELLO,
      'Hi {FIRST_NAME}, good to have you in my network! What is {COMPANY} working on at the moment, if I may ask?',
    ],
    message('3 DAY', [SECOND], end('1 DAY')),
  );
  return invitation(
    '0 HOUR',
    'Hi {FIRST_NAME}, we work in the same field and I would be glad to connect.',
    messages,
    end('14 DAY'),
  );
}

/** Only views, follows and likes, finished within days. */
export function quietSequence(): SequenceNode {
  return node('VIEW_PROFILE', '0 HOUR', { next: node('FOLLOW', '3 HOUR', { next: like('1 DAY', end('3 HOUR')) }) });
}

/** Open profiles get an InMail, other profiles a view. */
export function inmailSequence(): SequenceNode {
  const text =
    'Hello {FIRST_NAME}, I look after partnerships and saw that {COMPANY} is growing. May I send you a one-page summary of what similar agencies do?';
  const open = inmail('0 HOUR', 'A question about {COMPANY}', text, end('2 DAY'));
  return node('CHECK_IS_OPEN_PROFILE', '0 HOUR', {
    conditional: open,
    next: node('VIEW_PROFILE', '0 HOUR', { next: end() }),
  });
}

/** About twenty nodes with every node type. */
export function deepSequence(): SequenceNode {
  const lastWords = message('7 DAY', [THIRD], end('1 DAY'));
  const handOver = node('SEND_LEAD_TO_BISON', '1 DAY', { payload: { bisonCampaignId: 4_711 }, next: end() });
  const mail = node('FIND_EMAIL', '0 HOUR', { conditional: handOver, next: end() });
  const accepted = message(
    '1 DAY',
    [HELLO],
    like('2 DAY', message('3 DAY', [SECOND], node('VIEW_PROFILE', '2 DAY', { next: lastWords }))),
  );
  const open = inmail(
    '3 HOUR',
    'Hello {FIRST_NAME}',
    'Hello {FIRST_NAME}, we have not met yet. I would like to ask you one question about how {COMPANY} finds new partners.',
    end('2 DAY'),
  );
  const refused = node('CHECK_IS_OPEN_PROFILE', '14 DAY', { conditional: open, next: mail });
  const stranger = node('VIEW_PROFILE', '0 HOUR', {
    next: like(
      '4 HOUR',
      invitation('1 DAY', 'Hi {FIRST_NAME}, your posts on {INDUSTRY} are a pleasure to read.', accepted, refused),
    ),
  });
  const connected = message(
    '0 HOUR',
    ['Hi {FIRST_NAME}, we have been connected for a while and never talked. What keeps {COMPANY} busy these days?'],
    end('3 DAY'),
  );
  return node('CHECK_IS_CONNECTION', '0 HOUR', { conditional: connected, next: stranger, reference: 'founders-root' });
}
