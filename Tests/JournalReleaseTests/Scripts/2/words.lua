return { thanks = "Thank you." }
