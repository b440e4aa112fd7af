import { Command, Option } from 'commander';
import { type Scope, scopes } from '../contracts/http.ts';
import { type AccessKey, createAccessKey, listAccessKeys, revokeAccessKey } from '../lifecycle/access/access-keys.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { readInstant } from './read-option.ts';
import { minute, table } from './text.ts';

interface CreateOptions {
  readonly name: string;
  readonly scope: readonly Scope[];
  readonly expires?: Date;
}

/** `perennial keys`: who may call the HTTP API. */
export function keysCommand(): Command {
  const create = new Command('create')
    .description('Makes an access key and prints it, this once: only its hash is kept.')
    .option('--name <name>', 'what people call it', 'unnamed')
    .addOption(new Option('--scope <scopes...>', 'what it opens').choices(scopes).default(['predict'], 'predict'))
    .option('--expires <date>', 'ISO date or instant from which on it opens nothing', readInstant)
    .addHelpText('after', examples('keys create', 'keys create --name shop --scope predict view --expires 2027-06-30'))
    .action(answering(createKey));
  const list = new Command('list')
    .description('Lists all keys, the revoked and expired ones too.')
    .addHelpText('after', examples('keys list', 'keys list --json'))
    .action(answering(listKeys));
  const revoke = new Command('revoke')
    .description('Closes a key for ever; the endpoint follows within a minute.')
    .argument('<keyId>', 'id, as keys list shows it')
    .addHelpText('after', examples('keys revoke 0123456789abcdef'))
    .action(answering(revokeKey));
  return new Command('keys')
    .description('Makes, lists and revokes the access keys of the HTTP API.')
    .addCommand(create)
    .addCommand(list)
    .addCommand(revoke);
}

async function createKey(deployment: Deployment, { name, scope, expires }: CreateOptions): Promise<Answer> {
  const { key, record } = await createAccessKey(deployment, { name, scopes: scope, expiresAt: expires });
  return {
    data: { key, ...record },
    text: `${key}\n\nIt cannot be shown again. It opens: ${record.scopes.join(', ')}.`,
  };
}

async function listKeys({ registry, clock }: Deployment): Promise<Answer> {
  const keys = await listAccessKeys(registry);
  const text = table(
    ['key id', 'name', 'scopes', 'created (UTC)', 'state'],
    keys.map(key => [key.keyId, key.name, key.scopes.join(', '), minute(key.createdAt), state(key, clock.now())]),
  );
  return { data: keys, text: keys.length > 0 ? text : 'There is no access key' };
}

async function revokeKey(deployment: Deployment, _: object, keyId: string): Promise<Answer> {
  const key = await revokeAccessKey(deployment, keyId);
  return { data: key, text: `Revoked "${key.name}" (${key.keyId}) at ${minute(key.revokedAt!)}` };
}

function state({ revokedAt, expiresAt }: AccessKey, now: Date): string {
  if (revokedAt) return `revoked ${minute(revokedAt)}`;
  if (!expiresAt) return 'open';
  return `${Date.parse(expiresAt) <= now.getTime() ? 'expired' : 'open until'} ${minute(expiresAt)}`;
}
