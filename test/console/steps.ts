import type { Page } from 'playwright-core';

/** Opens the dialog of an action, fills in its texts and confirms it. Of several such buttons, the first one is taken. */
export async function act(
  page: Page,
  opener: string,
  verb: string,
  fields: Record<string, string> = {},
): Promise<void> {
  await page.getByRole('button', { name: opener, exact: true }).first().click();
  const dialog = page.getByRole('dialog');
  for (const [label, value] of Object.entries(fields)) {
    await dialog
      .getByRole('textbox', { name: label })
      .or(dialog.getByRole('spinbutton', { name: label }))
      .fill(value);
  }
  await dialog.getByRole('button', { name: verb, exact: true }).click();
}

/** Waits until the page shows a text. */
export async function expectText(page: Page, text: string | RegExp): Promise<void> {
  await page.getByText(text).first().waitFor();
}

/** Waits until a table or list has a row whose cells are these. */
export async function expectRow(page: Page, cells: string | RegExp): Promise<void> {
  await page.getByRole('row', { name: cells }).first().waitFor();
}

/** Waits until no row has these cells. */
export async function expectNoRow(page: Page, cells: string | RegExp): Promise<void> {
  await page.getByRole('row', { name: cells }).waitFor({ state: 'detached' });
}
