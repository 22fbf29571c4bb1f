import * as z from 'zod';
import { lazy } from '../../lib/lazy.ts';
import { markOwn } from './fields.ts';

/** The step types of a sequence. */
export const NODE_TYPES = [
  'CONNECTION_REQUEST',
  'CHECK_IS_CONNECTION',
  'CHECK_IS_OPEN_PROFILE',
  'FIND_EMAIL',
  'MESSAGE',
  'INMAIL',
  'LIKE_POST',
  'VIEW_PROFILE',
  'FOLLOW',
  'SEND_LEAD_TO_INSTANTLY',
  'SEND_LEAD_TO_SMARTLEAD',
  'SEND_LEAD_TO_BISON',
  'END',
] as const;
export type NodeType = (typeof NODE_TYPES)[number];

/** A node of a campaign's sequence. START is implicit: the tree begins with the first action. */
export interface SequenceNode {
  nodeType: NodeType;
  actionDelay?: number | undefined;
  actionDelayUnit?: 'HOUR' | 'DAY' | undefined;
  payload?: Record<string, unknown> | null | undefined;
  externalReference?: string | null | undefined;
  /** The next step, or the "no" side of a branching node. */
  unconditionalNode?: SequenceNode | null | undefined;
  /** The "yes" side of a branching node. */
  conditionalNode?: SequenceNode | null | undefined;
}

const child = lazy(() => z.looseObject({}).nullish().describe('a node of the same shape'));

/** The root of a sequence in a response, all of it the workspace's own. HeyReach adds a bare END under every MESSAGE and INMAIL. */
export const sequenceAnswer = lazy(() =>
  markOwn(
    z.looseObject({
      nodeType: z.string().nullish(),
      actionDelay: z.number().nullish(),
      actionDelayUnit: z.string().nullish(),
      payload: z.looseObject({}).nullish(),
      externalReference: z.string().nullish(),
      unconditionalNode: child(),
      conditionalNode: child(),
    }),
  ),
);
