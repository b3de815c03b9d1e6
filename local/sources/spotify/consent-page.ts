import type { Listener } from './listeners.ts';

/** The page on which somebody says whether an app may ask about them; Spotify's own has a login before it. */
export const consentPage = (query: URLSearchParams, listeners: readonly Listener[]): string =>
  `<!doctype html>
<html lang="en">
<title>A stand-in of Spotify</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<h1>A stand-in of Spotify</h1>
<p>${escapeHtml(query.get('client_id') ?? '')} would like to: ${escapeHtml(query.get('scope') ?? '')}</p>
<form action="authorize/decision">
${[...query].map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`).join('\n')}
<p><label>You are <select name="listener">
${listeners.map(({ id, name }) => `<option value="${escapeHtml(id)}">${escapeHtml(name)}</option>`).join('\n')}
</select></label></p>
<button name="decision" value="agree">Agree</button>
<button name="decision" value="cancel">Cancel</button>
</form>
</html>
`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (it) => ENTITIES[it] ?? it);
