import * as z from 'zod';
import { lazy } from '../../lib/lazy.ts';
import { operation } from '../operation.ts';
import {
  addedCounts,
  count,
  flag,
  id,
  ids,
  type LeadIdentity,
  type LeadInput,
  leadProfile,
  outsideText,
  outsideTexts,
  type PageRequest,
  pageOf,
  text,
} from './fields.ts';

export const LIST_TYPES = ['USER_LIST', 'COMPANY_LIST'] as const;
export type ListType = (typeof LIST_TYPES)[number];

export const list = lazy(() =>
  z.looseObject({
    id,
    name: text,
    listType: text,
    totalItemsCount: count,
    creationTime: text,
    campaignIds: ids,
  }),
);

/** The response to a new list. Its shape differs from `list`. */
export const createdList = lazy(() =>
  z.looseObject({
    id,
    name: text,
    count,
    listType: text,
    creationTime: text,
    isDeleted: flag,
    campaigns: z.array(z.unknown()).nullish(),
    search: text,
    status: text,
  }),
);

export const company = lazy(() =>
  z.looseObject({
    name: outsideText,
    description: outsideText,
    industry: outsideText,
    imageUrl: outsideText,
    companySize: outsideText,
    employeesOnLinkedIn: count,
    location: outsideText,
    specialities: z.unknown().optional(),
    website: outsideText,
  }),
);

/** A list that a lead is in. */
export const listOfLead = lazy(() => z.looseObject({ listId: id, listName: text }));

interface AddLeadsToListRequest {
  listId: number;
  /** 1 to 100. */
  leads: LeadInput[];
}

export const lists = {
  getAll: operation<
    PageRequest & {
      keyword?: string | undefined;
      listType?: ListType | undefined;
      campaignIds?: number[] | undefined;
    }
  >().answering('POST /list/GetAll', () => pageOf(list()), { retry: 'safe' }),
  getById: operation<{ listId: number }>().answering('GET /list/GetById', list, { retry: 'safe', query: ['listId'] }),
  create: operation<{ name: string; type?: ListType | undefined }>().answering(
    'POST /list/CreateEmptyList',
    createdList,
    { retry: 'never' },
  ),
  /** Up to 1,000 rows a page. */
  getLeads: operation<
    PageRequest & {
      listId: number;
      keyword?: string | undefined;
      leadProfileUrl?: string | undefined;
      leadLinkedInId?: string | undefined;
      createdFrom?: string | undefined;
      createdTo?: string | undefined;
    }
  >().answering('POST /list/GetLeadsFromList', () => pageOf(leadProfile()), { retry: 'safe' }),
  /** Up to 1,000 rows a page. */
  getCompanies: operation<PageRequest & { listId: number; keyword?: string | undefined }>().answering(
    'POST /list/GetCompaniesFromList',
    () => pageOf(company()),
    { retry: 'safe' },
  ),
  /** An empty 200 means that the rows were accepted without counts. */
  addLeads: operation<AddLeadsToListRequest>().answering(
    'POST /list/AddLeadsToListV2',
    () => addedCounts().optional(),
    {
      retry: 'idempotent',
      answers: 'maybe_object',
    },
  ),
  /** Retired form of addLeads. Returns one number, the leads added, or nothing. */
  addLeadsV1: operation<AddLeadsToListRequest>().answering('POST /list/AddLeadsToList', () => z.number().optional(), {
    retry: 'idempotent',
    answers: 'maybe_number',
  }),
  /** A DELETE with a JSON body. */
  removeLeads: operation<{ listId: number; leadMemberIds: string[] }>().silent('DELETE /list/DeleteLeadsFromList', {
    retry: 'idempotent',
  }),
  /** A DELETE with a JSON body. 200 even if no lead was found. `notFoundInList` holds slugs, not URLs. */
  removeLeadsByUrl: operation<{ listId: number; profileUrls: string[] }>().answering(
    'DELETE /list/DeleteLeadsFromListByProfileUrl',
    () => z.looseObject({ notFoundInList: outsideTexts }).optional(),
    { retry: 'idempotent', answers: 'maybe_object' },
  ),
  getForLead: operation<LeadIdentity & PageRequest>().answering(
    'POST /list/GetListsForLead',
    () => pageOf(listOfLead()),
    {
      retry: 'safe',
    },
  ),
};
