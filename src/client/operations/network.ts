import { z } from 'zod';
import { operation } from '../operation.ts';
import { flag, leadProfile, pageOf } from './fields.ts';

export const network = {
  /** Pages count from 0; up to 100 rows each. */
  getForSender: operation<{ senderId: number; pageNumber: number; pageSize: number }>().answering(
    'POST /MyNetwork/GetMyNetworkForSender',
    pageOf(leadProfile),
    { repeat: 'safe' },
  ),
  /** Exactly one of the two lead identifiers. */
  isConnection: operation<{
    senderAccountId: number;
    leadProfileUrl?: string | undefined;
    leadLinkedInId?: string | undefined;
  }>().answering('POST /MyNetwork/IsConnection', z.looseObject({ isConnection: flag }), { repeat: 'safe' }),
};
