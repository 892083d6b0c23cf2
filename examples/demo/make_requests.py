#!/usr/bin/env python3
"""Writes the sample that run.sh decides: python3 make_requests.py > requests.jsonl. The same every time."""
import json
import random

random.seed(20240607)

NAMES = ["ada", "bob", "chen", "dana", "emre", "fatou", "goro", "hana", "ivan", "juan", "kim", "lea", "mia", "noor"]
COUNTRIES = ["DE", "FR", "US", "BR", "IN", "JP", "NG", "TR", None]
TRUSTED = ["example.org", "news.example.org", "pictures.example.net", "maps.example.com"]
OTHERS = ["win-big.example", "cheap-pills.example", "login-check.example", "my-blog.example"]
TEXTS = [
    "see you at eight", "did you read this?", "lunch tomorrow?", "here are the pictures of the trip",
    "happy birthday!!!", "the meeting has been moved to Thursday, please tell the others too!!!",
    "Crypto giveaway: send one, get two back", "You have won! Click to claim", "please verify your account today",
    "für dich: schöne Grüße", "これを見て", "free money for the first hundred friends",
]


def link(bad):
    return "https://{}/{}".format(random.choice(OTHERS if bad else TRUSTED), random.randrange(1000))


def request():
    bad = random.random() < 0.25
    text = random.choice(TEXTS[6:] if bad and random.random() < 0.4 else TEXTS[:6] + TEXTS[9:11])
    links = [link(bad and random.random() < 0.8) for _ in range(random.choice([0, 0, 1, 2, 3, 4] if bad else [0, 0, 0, 1, 2]))]
    home = random.choice(COUNTRIES)
    user = {
        "name": random.choice(NAMES),
        "age_days": random.randrange(10) if bad else random.randrange(2000),
        "friends": random.choice([0, 1, 4]) if bad else random.randrange(400),
        "verified": not bad and random.random() < 0.3,
    }
    if home:
        user["home"] = home
    message = {"user": user, "text": text, "links": links}
    country = home if random.random() < 0.8 else random.choice(COUNTRIES)
    if country:
        message["country"] = country
    message["sent_1h"] = random.randrange(200) if bad and random.random() < 0.3 else random.randrange(20)
    return message


for _ in range(400):
    print(json.dumps(request(), ensure_ascii=False))
