import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Injectable, ParseIntPipe, UseGuards, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import {
  Args,
  Field,
  GraphQLModule,
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { describe, expect, it } from 'vitest';
import { Audit } from '../../src/audit/decorate/audit.decorator.js';
import { boot, type BootOptions } from './harness/boot.js';

@Injectable()
class NameGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    await new Promise((resolve) => setImmediate(resolve));
    const shared = context.getArgByIndex<{ req: { user?: unknown } }>(2);
    shared.req.user = { id: 7, name: 'Ada' };
    return context.getArgByIndex<{ name?: string }>(1).name !== 'refuse';
  }
}

@ObjectType()
class Agent {
  @Field()
  name!: string;
}

@Resolver(() => Agent)
@UseGuards(NameGuard)
class AgentsResolver {
  @Query(() => String)
  ping(): string {
    return 'pong';
  }

  @Audit<AgentsResolver['spawn']>('instance_spawn', {
    metadata: ({ args: [name], result }) => ({ name, result }),
  })
  @Mutation(() => Agent, { nullable: true })
  spawn(@Args('name') name: string): Agent {
    if (name === 'fail') throw new Error('cannot spawn');
    return { name };
  }

  @Mutation(() => String)
  @Audit('state_change')
  number(@Args('value', { type: () => String }, ParseIntPipe) value: number): string {
    return String(value);
  }

  @ResolveField(() => String)
  @Audit<AgentsResolver['secret']>('state_change', { metadata: ({ args: [{ name }] }) => ({ name }) })
  secret(@Parent() agent: Agent): string {
    return `secret of ${agent.name}`;
  }
}

async function bootAgents(options: BootOptions = {}) {
  const booted = await boot({
    imports: [GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, autoSchemaFile: true })],
    ...options,
    providers: [AgentsResolver, NameGuard, ...(options.providers ?? [])],
  });
  const ask = async (query: string): Promise<{ data: unknown; errors?: { message: string }[] }> => {
    const response = await fetch(`${booted.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    return (await response.json()) as { data: unknown };
  };
  return { ...booted, ask };
}

describe('an audited GraphQL resolver', () => {
  it('is recorded once, with actor and field', async () => {
    const { ask, sink } = await bootAgents();
    expect((await ask('mutation { spawn(name: "a") { name } }')).data).toEqual({ spawn: { name: 'a' } });
    const event = await sink.take();
    expect(event.metadata).toEqual({ name: 'a', result: { name: 'a' } });
    expect(event.fields).toMatchObject({
      outcome: 'success',
      actor: { id: '7', name: 'Ada' },
      request: { method: 'mutation', field: 'spawn' },
    });
  });

  it('keeps the resolvers of one request apart', async () => {
    const { ask, sink } = await bootAgents();
    const { errors } = await ask(
      'mutation { a: spawn(name: "refuse") { name } b: spawn(name: "b") { name } }',
    );
    expect(errors).toMatchObject([{ message: 'Forbidden resource' }]);
    expect((await sink.take()).fields).toMatchObject({ reason: 'denied', actor: { id: '7' } });
    expect(await sink.take()).toMatchObject({ metadata: { name: 'b' }, fields: { outcome: 'success' } });
  });

  it('is refused by a pipe, and fails', async () => {
    const { ask, sink } = await bootAgents();
    expect((await ask('mutation { number(value: "x") }')).errors).toHaveLength(1);
    expect((await sink.take()).fields).toMatchObject({ outcome: 'failure', reason: 'validation' });
    expect((await ask('mutation { spawn(name: "fail") { name } }')).errors).toMatchObject([
      { message: 'cannot spawn' },
    ]);
    expect((await sink.take()).fields).toMatchObject({ outcome: 'failure', reason: 'error' });
  });

  it('is refused by a global guard', async () => {
    const refusing: CanActivate = { canActivate: () => false };
    const { ask, sink } = await bootAgents({ providers: [{ provide: APP_GUARD, useValue: refusing }] });
    await ask('mutation { spawn(name: "a") { name } }');
    expect((await sink.take()).fields).toMatchObject({ reason: 'denied', request: { field: 'spawn' } });
  });

  it('is recorded for each value of an audited field', async () => {
    const { ask, sink } = await bootAgents();
    await ask('mutation { spawn(name: "a") { name secret } }');
    expect(await sink.take()).toMatchObject({ action: 'instance_spawn' });
    expect(await sink.take()).toMatchObject({ action: 'state_change', metadata: { name: 'a' } });
  });
});
