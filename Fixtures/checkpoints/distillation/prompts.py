"""The prompts that the teacher answers: topics times templates, in several kinds, chosen by a seed."""


def split(text):
    """The parts between semicolons, whatever the lines."""
    return " ".join(text.split()).split("; ")


TOPICS = split("""
steam engines; volcanoes; gardening; coffee; chess; solar power; whales; databases; probability; bridges; poetry;
vaccines; black holes; the Roman Empire; sourdough bread; bicycles; machine learning; photosynthesis; jazz music;
the French Revolution; birdwatching; recycling; mountain climbing; the water cycle; dinosaurs; personal budgeting;
yoga; the moon landing; honeybees; electric cars; fractions; Shakespeare; earthquakes; sleep; public libraries; the
immune system; photography; knitting; the stock market; penguins; sailing; the Great Wall of China; compilers;
linear algebra; tea ceremonies; hurricanes; job interviews; recursion; Python lists; sorting algorithms; encryption;
the printing press; soccer; meditation; coral reefs; ancient Egypt; trains; the human heart; climate change;
friendship; public speaking; time management; cats; dogs; aquariums; rainforests; deserts; the solar system;
gravity; atoms; DNA; evolution; bacteria; antibiotics; nutrition; running a marathon; swimming; tennis; basketball;
the Olympic Games; painting with watercolours; sculpture; opera; the violin; learning the guitar; film directing;
writing a novel; haiku; fairy tales; mythology; philosophy of mind; ethics; democracy; elections; the United
Nations; human rights; inflation; taxes; insurance; mortgages; small businesses; marketing; customer service; remote
work; teamwork; leadership; negotiation; conflict resolution; parenting; primary school; universities; scholarships;
homework; foreign languages; the English alphabet; grammar; spelling; maps; compasses; space telescopes; Mars;
satellites; radio; television; the internet; web browsers; smartphones; video games; robots; 3D printing; drones;
batteries; nuclear energy; wind turbines; hydroelectric dams; oil; plastics; glass; steel; concrete; wood working;
plumbing; home insulation; interior design; cooking pasta; chocolate; cheese; wine; spices; vegetarian food;
breakfast; picnics; camping; hiking; fishing; horse riding; farming; tractors; soil; compost; roses; trees;
mushrooms; butterflies; spiders; snakes; sharks; dolphins; elephants; lions; wolves; bears; kangaroos; owls; eagles;
parrots; ants; weather forecasts; snow; rainbows; thunderstorms; tides; rivers; lakes; islands; glaciers; caves;
gold; diamonds; salt; clocks; calendars; leap years; birthdays; weddings; New Year; Christmas; Diwali; Ramadan;
Lunar New Year; museums; castles; pyramids; cathedrals; skyscrapers; tunnels; airports; helicopters; ships;
submarines; lighthouses; pirates; knights; samurai; Vikings; explorers; Marco Polo; Leonardo da Vinci; Isaac Newton;
Marie Curie; Albert Einstein; Charles Darwin; Ada Lovelace; Alan Turing; Mozart; Beethoven; Napoleon; Abraham
Lincoln; Gandhi; Nelson Mandela; Japan; Brazil; Kenya; India; Canada; Australia; Italy; Norway; New York City;
Paris; London; Tokyo; Cairo; regular expressions; hash tables; binary search; linked lists; object-oriented
programming; unit tests; Git; SQL queries; JSON; HTTP requests; operating systems; virtual memory; neural networks;
decision trees; statistics; averages; percentages; geometry; triangles; prime numbers; calculus; matrices; logic
puzzles; riddles; jokes; dreams; memory; stress; anxiety; happiness; kindness; honesty; courage; patience;
curiosity; first aid; allergies; headaches; dentists; eyeglasses; exercise; water; milk; eggs; rice; potatoes;
tomatoes; apples; oranges; bananas; soup; salads; pizza; ice cream; second-hand clothes; shoes; hats; fashion;
jewellery; perfume; soap; laundry; moving house; renting a flat; neighbours; community gardens; volunteering;
charities; recycled paper; newspapers; letters; postcards; stamps; coins; banks; credit cards; online shopping;
advertising; privacy; passwords; computer viruses; spam email; social media; podcasts; audiobooks; comic books;
science fiction; detective stories; ghost stories; fables; a talking tree; a lost key; a time machine; a dragon who
is afraid of fire; a lonely robot; two brothers; an old sailor; a village without a name; a magic pencil; the last
train home; a secret garden
""")

COUNTRIES = split("""
France; Germany; Spain; Italy; Japan; China; India; Brazil; Canada; Mexico; Egypt; Kenya; Nigeria; Australia;
Norway; Sweden; Poland; Greece; Turkey; Russia; Portugal; Ireland; Chile; Peru; Argentina; Vietnam; Thailand;
Indonesia; South Africa; Morocco; the United States; the United Kingdom; the Netherlands; Switzerland; Austria;
Hungary; Finland; Denmark; Iceland; New Zealand
""")
PLACES = COUNTRIES + split("Europe; Asia; Africa; South America; North America; Oceania; the Arctic; the Middle East")
THINGS = split("""
rivers; mountains; cities; lakes; animals; birds; trees; dishes; writers; painters; scientists; inventions; songs;
festivals; islands; castles; kings; battles; sports; companies; universities; museums; books; films; flowers;
desserts; drinks; languages; holidays; deserts
""")

# {} is a topic, {n} and {k} are numbers, {t} things, {p} a place, {c} and {d} countries.
REQUESTS = """
Write a short explanation of {}.
Tell me a story about {}.
What are the main advantages and disadvantages of {}?
Summarize the history of {} in a few sentences.
Explain {} to a ten year old child.
Give me five tips about {}.
Write a polite email concerning {}.
Why is {} important?
Describe how {} works, step by step.
Write a news article about {}.
Compare {} with {}.
Write a dialogue between two friends about {}.
What should a beginner know about {}?
List common misconceptions about {}.
Write a product review of {}.
Write a Python function that has to do with {} and explain it.
Make a plan for a week focused on {}.
Answer briefly: what is {}?
Can you help me understand {}?
I am writing an essay about {}. Give me an outline.
Write a poem about {}.
What is the relation between {} and {}?
Give three examples of {}.
Who first studied {} and when?
What questions should I ask an expert on {}?
Write the opening paragraph of a novel about {} and {}.
Make a quiz with four questions on {}.
Translate your thoughts on {} into simple words.
Tell me a joke about {}.
How has {} changed over the last hundred years?
Write a short speech about {}.
Rewrite this more politely: I do not care about {}.
Define {} and use it in a sentence.
What would happen if there were no {}?
Write a letter to a friend about {} and {}.
Recommend three books about {}.
Write a social media post about {}.
Is it true that {} has to do with {}? Explain.
Hello! I would like to talk about {}.
Summarise in one sentence why people like {}.
Write a table with two columns about {}.
Which skills does one need for {}?
Classify the following into groups: {}, {}, {}.
Give pros and cons of {} compared to {}.
Continue this sentence: When I first heard about {},
Write a shopping list for {}.
Write a haiku about {}.
Create a slogan for {}.
Solve step by step: if I have {n} items about {} and give away {k}, how many are left?
Write a bash command that has to do with {}.
Explain the difference between {} and {}.
""".strip().split("\n")

QUESTIONS = """
Name three {t} in {p}.
Name five {t} of {p}.
What is the capital of {c}?
Which {t} is {c} known for?
Who was the first president of {c}?
What language is spoken in {c}?
List some famous {t} from {p}.
How many people live in {c}?
Where is {c}?
Is {c} larger than {d}?
What is {n} times {k}?
What is {n} plus {k}?
Hello!
Hi, how are you?
Who are you?
What can you do?
Thank you!
Tell me something interesting about {t} in {p}.
What should I eat in {c}?
Plan a trip of {k} days to {c}.
What is the weather like in {c}?
Compare {c} and {d}.
Which {t} should I visit in {p}?
Write one sentence about {t}.
What is the largest of the {t} in {p}?
Translate 'good morning' into the language of {c}.
Give me a fun fact about {}.
What is {} in one sentence?
Name three kinds of {}.
What colour do you think of with {}?
""".strip().split("\n")
# How texts that are no chats begin.
STARTS = ['',
          'The following article is about {}.\n\n',
          '{}\n\n',
          '# {}\n\n',
          'Once upon a time, ',
          'Chapter 1\n\n',
          'Question: what is {}?\nAnswer:',
          'It is well known that {} ',
          'def ',
          'import ',
          'In this lesson you will learn about {}.\n\n']

SYSTEM = "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n"
CHAT = "{}<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n"


def fill(text, random):
    while "{}" in text:
        text = text.replace("{}", random.choice(TOPICS), 1)
    for key, choices in (("{t}", THINGS), ("{p}", PLACES), ("{c}", COUNTRIES), ("{d}", COUNTRIES)):
        text = text.replace(key, random.choice(choices))
    return text.replace("{n}", str(random.randint(5, 60))).replace("{k}", str(random.randint(1, 4)))


def prompt(random):
    """A fifth are short questions; of the rest 80 % are requests with the usual system prompt, 8 % without one, and
    12 % beginnings of plain texts."""
    if random.random() < 0.2:
        return CHAT.format(SYSTEM, fill(random.choice(QUESTIONS), random))
    kind = random.random()
    if kind < 0.88:
        return CHAT.format(SYSTEM if kind < 0.8 else "", fill(random.choice(REQUESTS), random))
    return fill(random.choice(STARTS), random) or "<|endoftext|>"
