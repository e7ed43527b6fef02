import { LOG_LEVELS } from '../wire/level.js';
import { NEST_LOG_LEVELS } from '../record/log-call.js';
import { textOf } from './describe/text-of.js';

const ACTION_EXAMPLE = "for example { action: 'user_role_changed' }";

export const detailsMissing = (): string =>
  `An audit call needs an object with an action as its last argument, ${ACTION_EXAMPLE}.`;

export const detailsUnreadable = (error: unknown): string =>
  `The details of an audit call could not be read (${textOf(error)}).`;

export const actionMissing = (): string =>
  `An audit call needs an action, a text that is not empty, ${ACTION_EXAMPLE}.`;

export const messageIsNoText = (): string => `The message of an audit call must be a string.`;

export const metadataIsNoObject = (): string =>
  `The metadata of an audit call must be an object with named fields.`;

export const levelUnknown = (level: unknown): string =>
  `"${textOf(level)}" is no log level. Use one of ${NEST_LOG_LEVELS.join(', ')}, or of ${LOG_LEVELS.join(', ')}.`;

export const loggerNameMissing = (): string =>
  `@InjectAuditLogger() needs a name, for example @InjectAuditLogger('instance'). ` +
  `To use the name of the class, inject AuditLogger without a decorator.`;

export const decoratorActionMissing = (where: string): string =>
  `@Audit() on ${where} needs an action, a text that is not empty, for example @Audit('user_role_changed').`;

export const actionOnClass = (className: string): string =>
  `@Audit('...') was put on the class ${className}. An action belongs on a method; on a class, @Audit() takes only ` +
  `the defaults of its audited methods, for example @Audit({ include: { args: true } }).`;

export const defaultsOnMethod = (where: string): string =>
  `@Audit({ ... }) on ${where} has no action. Write @Audit('action', { ... }) on a method.`;

export const notAMethod = (where: string): string =>
  `@Audit() on ${where}: only methods of instances can be audited, not properties, accessors or static methods.`;

export const auditedTwice = (where: string): string =>
  `${where} has two @Audit() decorators. A call makes exactly one record: keep one of them.`;

export const failureUnknown = (where: string, failure: unknown): string =>
  `@Audit() on ${where} asks for failure: '${textOf(failure)}'. Use 'open' or 'closed'.`;

export const closedIsSynchronous = (where: string): string =>
  `@Audit() on ${where} has failure: 'closed', but the method is synchronous: its caller cannot wait until the audit ` +
  `trail has its intent. Declare it async, or remove the option.`;

export const closedResultUnknown = (where: string): string =>
  `${where}() is audited with failure: 'closed', and whether it returns a promise or an Observable is not known before ` +
  `it runs. Declare it async, or annotate its return type, : Promise<...> or : Observable<...>, with the type imported ` +
  `as a value.`;

export const closedNeedsTrail = (where: string): string =>
  `${where} is audited with failure: 'closed', but the audit sink is not durable. Set trail: { file: ... } in the ` +
  `options of LogStreamModule, or remove the option failure.`;

export const closedNeedsDurableSink = (): string =>
  `failure: 'closed' needs a durable audit sink. Set trail: { file: ... } in the options of LogStreamModule.`;

export const sinkKeepsNoIntents = (): string =>
  `This audit sink keeps no intents. Implement intend() in it, or set trail: { file: ... } in the options of LogStreamModule.`;

export const auditUnavailable = (): string =>
  `The request was refused, because it cannot be audited at the moment. Try again later.`;

export const auditIsDown = (error: string): string =>
  `Audit records cannot be kept (${error}): calls with failure: 'closed' are refused until they can.`;

export const auditIsUp = (): string => `Audit records can be kept again.`;

export const auditIsStillDown = (error: string): string => `The audit sink has failed before (${error}).`;

export const endedBeforeItBegan = (): string => `The call had ended before its intent was stored.`;

export const resultIsNotKnownYet = (): string =>
  `With failure: 'closed' the option skip is asked before the call: it has no result and no error yet.`;

export const decoratorLevelUnknown = (where: string, level: unknown): string =>
  `@Audit() on ${where}: ${levelUnknown(level)}`;

export const overrideNotAudited = (subclass: string, method: string, parent: string): string =>
  `${subclass}.${method}() overrides an audited method of ${parent} without @Audit(): what it does itself is not ` +
  `audited. Add @Audit() to ${subclass}.${method}().`;

export const auditHidden = (className: string, method: string): string =>
  `${className}.${method}() is audited, but what Nest calls in its place cannot be recognised: refusals by its guards make ` +
  `no record, and its records have no actor and no request. Put @Audit() above the decorator that replaces the method, or ` +
  `let that copy the metadata; an instance must not make its methods anew whenever it is asked for them.`;

export const recorderMissing = (className: string, method: string): string =>
  `${className}.${method}() was called but not audited: the object was not made by Nest, or LogStreamModule is not ` +
  `imported in this app. Let Nest construct it, or return it from a factory provider that is not request-scoped.`;

export const resolverNotStatic = (): string =>
  `AuditActorResolver must be a provider of default scope: it is asked about calls of every kind, also outside of a ` +
  `request. Remove its request or transient scope; the request is in the context that it is given.`;

export const recordLost = (action: string, error: unknown): string =>
  `An audit record of "${action}" could not be handed over (${textOf(error)}). Further losses are counted, not repeated.`;

export const tookTooLong = (milliseconds: number): string => `gave no answer within ${milliseconds} ms`;

export const stillPendingAtShutdown = (): string => 'had given no answer when the app was shut down';

export const responseDestroyed = (): string => 'the response was destroyed before it was complete';

/** Default messages of the records that `@Audit` makes. */
export const succeeded = (action: string): string => `${action} succeeded`;
export const failed = (action: string, error: string): string => `${action} failed: ${error}`;
export const denied = (action: string, error: string): string => `${action} denied: ${error}`;
export const rejected = (action: string, error: string): string => `${action} rejected: ${error}`;
export const timedOut = (action: string, error: string): string => `${action} timed out: ${error}`;
export const aborted = (action: string): string => `${action} aborted`;
export const started = (action: string): string => `${action} started`;
export const intended = (action: string): string => `${action} intended`;
export const crashed = (action: string): string => `${action} ended unknown: the process ended first`;
