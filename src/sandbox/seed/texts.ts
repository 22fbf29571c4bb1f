const REPLIES = {
  Interested: [
    'Thanks for reaching out. This is actually on our list for next quarter, could you send me two or three times for a short call?',
    'Good timing! We were comparing tools for exactly this last week. What would a pilot with a team of ten look like, and what does it cost?',
    'Sounds good 👍 happy to talk. Tuesday or Thursday after 14:00 works for me, and I would bring our head of operations along if that is fine.',
    'Yes please, tell me more. A page with numbers would help me most, because I have to explain it to two colleagues before we decide.',
    'Да, это интересно. Пришлите, пожалуйста, короткое описание и примерную стоимость, я покажу коллегам на этой неделе и вернусь к вам.',
    '听起来不错，请把资料发给我。我们下周三开会讨论这个话题，如果方便的话也请附上价格和两个类似公司的案例，谢谢！',
  ],
  'Not Interested': [
    'Thank you, but we are well served at the moment and do not plan to change anything this year. All the best for your project!',
    'Not for us, sorry. We built something of our own in spring and the team is happy with it. Please take me off your list.',
    'I am no longer in that role, so I am the wrong person for this. I would rather not pass on names, I hope you understand.',
    'No thanks.',
    'شكراً على رسالتك، لكننا لا نبحث عن حل جديد في الوقت الحالي. أتمنى لك التوفيق، وربما نتحدث في العام القادم.',
  ],
  Generic: [
    'Thanks for connecting! I am travelling until the end of the month and will read this properly when I am back at my desk.',
    'Hi, nice to meet you here. How did you find my profile? I do not remember that we have met, but I meet many people at events.',
    'Merci pour votre message. Je suis très occupé en ce moment, n’hésitez pas à m’écrire de nouveau le mois prochain. À bientôt !',
    '👋',
    'Who gave you my name?',
  ],
} as const;

/** A lead's reply of a kind. `position` in [0, 1) selects the text. */
export function replyText(kind: keyof typeof REPLIES, position: number): string {
  const choice = REPLIES[kind];
  return choice[Math.floor(position * choice.length)] ?? choice[0];
}

/** First messages of threads outside campaigns. */
export const openers = [
  'Hi {FIRST_NAME}, I saw your talk on planning with small teams and liked the part about doing less. Are the slides anywhere to read?',
  'Hello {FIRST_NAME}, we met briefly at the fair in spring. You said you were looking for a simpler way to keep track of suppliers, how did that go?',
  'Good morning {FIRST_NAME} 🙂 a quick question: who at {COMPANY} looks after the onboarding of new partners these days? I have an idea that may help.',
  'Hi {FIRST_NAME}, thank you for accepting. I work with operations leads on shorter reporting cycles and would love to hear how you do it at {COMPANY}.',
  'Guten Tag {FIRST_NAME}, vielen Dank für die Vernetzung. Darf ich Ihnen eine kurze Frage zu Ihrem Vertriebsprozess stellen? Es dauert keine Minute.',
] as const;

/** Replies of correspondents. */
export const answers = [
  'Hi, yes I remember! It went well in the end, we kept the spreadsheet for the small ones and bought a tool for the rest. How about you?',
  'Thanks for asking. That would be my colleague, but she is away until Monday. Write to me again then and I will make the introduction.',
  'Sure, ask away. I am mostly here in the mornings, so do not worry if an answer takes a day or two, it is not a sign of anything. 😊',
  'I would have to look that up. Can you tell me what you need it for, so that I can send the right thing and not the whole folder?',
  'Ok.',
  'Great, let us do that. I have put it into my calendar and will send the agenda on the day before, with the three questions we talked about.',
] as const;

/** Short messages of long threads. */
export const chatter = [
  'Did you get the file I sent this morning? It should have the new numbers for the north region in the second tab.',
  'Got it, thank you. The totals look right to me now, only the date in the header is still the old one.',
  'Fixed. I also added the names of the two new partners, so we can use the same sheet for the call on Friday.',
  'Perfect. Shall we say ten o’clock? I have another meeting at eleven but it can move a little if we need longer.',
  'Ten is fine. I will bring the draft and you bring the questions from your side, as last time. See you then! 🎉',
  'One more thing: could you ask whether the contract can start in the middle of the month? That would help us a lot.',
  'I asked. They say yes, if we sign by the 20th. I think that is doable, what do you think?',
  'Yes, that works for us.',
] as const;

/** A message of more than 4,000 characters. */
export function longText(position: number): string {
  const paragraph = `Here are my notes, part {N}. We looked at how leads come in, who answers them first and how long that takes. In most weeks the first answer goes out within a day, but before holidays it takes three or four days, and then half of the people have already forgotten what they asked. The team would rather have one place where everything arrives than five channels with five rules. 📋 What would help: a shared list, one owner per lead, and a short note on every call. `;
  const parts = 10 + Math.floor(position * 4);
  return Array.from({ length: parts }, (_, i) => paragraph.replace('{N}', String(i + 1)).trim()).join('\n\n');
}
