import { type Html, html } from './html.ts';
import { STYLE } from './style.ts';

export interface AccountPage {
  readonly title: string;
  /** What happened, or what to do. */
  readonly text: string;
  readonly form?: {
    readonly token: string;
    readonly button: string;
    readonly withPassword: boolean;
  };
}

/** A page that a link in a mail or Spotify leads to: it runs no script, and does nothing until somebody asks. */
export function renderAccountPage({ title, text, form }: AccountPage): string {
  return html`<!doctype html>
<html lang="en-IE">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · What’s the Craic</title>
${html([`<style>${STYLE}</style>`] as unknown as TemplateStringsArray)}
</head>
<body>
<header><h1><a href="/">What’s the Craic</a></h1></header>
<main>
<h2>${title}</h2>
<p class="note" role="status">${text}</p>
${form ? renderForm(form) : ''}
</main>
</body>
</html>
`.text;
}

const renderForm = ({ token, button, withPassword }: NonNullable<AccountPage['form']>): Html =>
  html`<form method="post">
<input type="hidden" name="token" value="${token}">
${withPassword ? PASSWORD : ''}
<button>${button}</button>
</form>`;

const PASSWORD = html`<label>New password, 8 characters at least
<input name="password" type="password" required minlength="8" maxlength="128" autocomplete="new-password"></label>`;
