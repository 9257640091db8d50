/** True for a socket message that only says that a credential is refused, which some servers send before they close. */
export function isRefusalNotice(message: string): boolean {
  return message.length < 512 && /error|unauth|forbidden|denied|invalid|expired|refused/i.test(message);
}
