import { type CreateInstanceDto } from '../instances/create-instance.dto.js';

/** Who is there right after the start. */
export const CREW: readonly CreateInstanceDto[] = [
  { name: 'main-orchestrator', role: 'orchestrator', model: 'large' },
  { name: 'ada', role: 'researcher' },
  { name: 'grace', role: 'developer' },
  { name: 'linus', role: 'reviewer', model: 'small' },
];

/** What is asked of one of them. */
export const TASKS = [
  'Summarize the open issues',
  'Find out why the build is slow',
  'Review the last change',
  'Write the release notes',
  'Check the links in the docs',
] as const;

/** What is asked of several. */
export const JOINT_TASKS = [
  'Plan the release',
  'Find the cause of the failed payments',
  'Agree on an API for invoices',
] as const;
