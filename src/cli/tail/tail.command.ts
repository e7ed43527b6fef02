import { type Command, InvalidArgumentError, Option } from 'commander';
import { addressOf } from '../address.js';
import { notANumber } from '../cli.messages.js';
import { type CommandIo } from '../command-io.js';
import { collectFields, collectPatterns, levelArgument } from './filter-flags.js';
import { findStream } from './find-stream.js';
import { parseSince } from './since.js';
import { DEFAULT_REPLAY, type TailOptions } from './tail-options.js';
import { Tail } from './tail.js';

const EXAMPLES = `
Examples:
  $ nestjs-log-stream tail localhost:3000
  $ nestjs-log-stream tail localhost:3000 --level warning --since 15m
  $ nestjs-log-stream tail localhost:3000 --category audit --action 'instance_*,user_*' --replay 100
  $ nestjs-log-stream tail localhost:3000 --where metadata.role=admin --not-logger 'app.noise*'
  $ LOG_STREAM_TOKEN=... nestjs-log-stream tail wss://example.org/ws/monitor --json | jq .data.message
  $ nestjs-log-stream tail localhost:3000 --json --since 1h --once > last-hour.ndjson

Environment:
  LOG_STREAM_TOKEN        as --token, but not seen in the list of processes
  NO_COLOR, FORCE_COLOR   no colours, or colours also into a pipe

Exit codes:
  0  as many records as asked for, or nobody reads any more (| head)
  1  the connection was lost, refused, or did not come about
  2  the arguments are wrong
  3  not allowed to watch
  130  interrupted
`;

const FILTER = 'Which records:';
const START = 'Where to begin and to end:';
const LOOK = 'What it looks like:';

/** `nestjs-log-stream tail <url>` */
export function registerTail(program: Command, io: CommandIo): void {
  program
    .command('tail')
    .summary('show the records of a running application, live')
    .description(
      'Shows the records of a running application, live: with its last records first, and with every gap. Text on ' +
        'stdout when it is a terminal is wrapped to it; news of the connection go to stderr.',
    )
    .argument(
      '<url>',
      'of the stream or of the dashboard: ws(s):// or http(s)://; path /ws/monitor unless given',
      addressOf,
    )
    .optionsGroup(FILTER)
    .addOption(
      new Option('-c, --category <name>', 'system, audit or both').choices(['system', 'audit', 'both']),
    )
    .option('-l, --level <name>', 'lowest level: debug, info, warning, error, critical', levelArgument)
    .option('--logger <patterns>', 'loggers, separated by commas; * stands for anything', collectPatterns)
    .option('--action <patterns>', 'actions of audit records, likewise', collectPatterns)
    .option('--search <text>', 'text that occurs anywhere in the record, in any case')
    .option('--where <name=value>', 'value of a field, several times for several', collectFields)
    .option('--request <id>', 'the story of one request: all that was logged in it')
    .option('--not-logger <patterns>', 'all but these', collectPatterns)
    .option('--not-action <patterns>', 'all but these', collectPatterns)
    .option('--not-search <text>', 'all but these')
    .option('--not-where <name=value>', 'all but these', collectFields)
    .optionsGroup(START)
    .option('-n, --replay <count>', `begin with the last that match (default: ${DEFAULT_REPLAY})`, count(0))
    .option('--since <when>', 'begin with those since 90s, 15m, 2h, 1d ago, or a time in ISO 8601', (text) =>
      parseSince(text),
    )
    .option('--after <cursor>', 'begin behind the cursor of a line of --json')
    .option('--limit <count>', 'end after so many records', count(1))
    .option('--once', 'end when all that there was is shown')
    .optionsGroup(LOOK)
    .option('--json', 'one JSON object in a line: records as they stand on the wire, gaps and losses')
    .option('--utc', 'times in UTC, not local')
    .option('--full', 'do not shorten long texts')
    .option('--no-wrap', 'do not wrap to the width of the terminal')
    .addOption(new Option('--color', 'colours, also into a pipe').conflicts('json'))
    .option('--no-color', 'no colours')
    .option('-q, --quiet', 'no news of the connection')
    .optionsGroup('Connection:')
    .addOption(new Option('--token <token>', 'for a server with bearerToken()').env('LOG_STREAM_TOKEN'))
    .option('--wait', 'keep trying when nobody answers at first')
    .option('--no-reconnect', 'end when the connection is lost')
    .addHelpText('after', EXAMPLES)
    .action(async (address: string, options: TailOptions) => {
      const { token } = options;
      await new Tail(await findStream(address, { token, signal: io.signal }), options, io).run();
    });
}

function count(least: number): (text: string) => number {
  return (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(number) && number >= least) return number;
    throw new InvalidArgumentError(notANumber(least));
  };
}
