"""One file a screen: each draws states and sends intents, and knows neither the network nor the keyring."""
