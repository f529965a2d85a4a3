// A real OpenID provider that behaves as FranceConnect does: signed user-info, one level of assurance, logout.
// Arguments: its own port, and the address of the pages.

import { generateKeyPairSync } from 'node:crypto';
import { Provider } from 'oidc-provider';

const [port, pages] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;

const PERSONS = {
  camille: ['Camille Hélène', 'LABORDE', '1984-03-17', 'female', '33900'],
  benat: ['Beñat', 'ARROSSAGARAY', '1968-04-11', 'male', '64371'],
  stranger: ['Alix', 'PERSONNE', '1990-01-01', 'female', '75101'],
};
const CLAIMS = ['given_name', 'family_name', 'birthdate', 'gender', 'birthplace'];

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const provider = new Provider(issuer, {
  acrValues: ['eidas1'],
  claims: Object.fromEntries([['openid', ['sub']], ...[...CLAIMS, 'birthcountry'].map((name) => [name, [name]])]),
  clientDefaults: { grant_types: ['authorization_code'], response_types: ['code'] },
  clients: [{
    client_id: 'msa',
    client_secret: 'known to the two of us alone',
    id_token_signed_response_alg: 'ES256',
    userinfo_signed_response_alg: 'ES256',
    token_endpoint_auth_method: 'client_secret_post',
    redirect_uris: [`${pages}/franceconnect/callback`],
    post_logout_redirect_uris: [`${pages}/`],
  }],
  cookies: { keys: ['of this run alone'] },
  features: {
    claimsParameter: { enabled: true },
    devInteractions: { enabled: false },
    jwtUserinfo: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      // Its own page asks another host for a font.
      logoutSource(ctx, form) {
        ctx.body = `<!doctype html><title>Provider</title>${form}
          <button form="op.logoutForm" name="logout" value="yes">Sign out</button>`;
      },
    },
  },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      birthcountry: '99100',
      ...Object.fromEntries(CLAIMS.map((name, place) => [name, PERSONS[id][place]])),
    }),
  }),
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'es', use: 'sig', alg: 'ES256' }] },
  async loadExistingGrant(ctx) {
    // A person consents by signing in, as with FranceConnect.
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope(ctx.oidc.params.scope);
    await grant.save();
    return grant;
  },
  pkce: { required: () => false },
});

// Where a person says who they are, or turns back.
provider.use(async (ctx, next) => {
  const [, uid, who] = /^\/interaction\/([\w-]+)(?:\/(\w+))?$/.exec(ctx.path) ?? [];
  if (!uid) return next();
  if (!who) {
    const links = [...Object.keys(PERSONS), 'nobody'].map((id) => `<a id="${id}" href="${ctx.path}/${id}">${id}</a>`);
    ctx.type = 'html';
    ctx.body = `<!doctype html><title>Provider</title><p>${links.join(' ')}</p>`;
    return undefined;
  }
  const result = who === 'nobody'
    ? { error: 'access_denied', error_description: 'User auth aborted' }
    : { login: { accountId: who, acr: 'eidas1' } };
  ctx.respond = false;
  return provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: false });
});

provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
