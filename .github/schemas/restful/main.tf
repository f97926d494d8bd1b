terraform {
  required_providers {
    restful = {
      source  = "magodo/restful"
      version = "0.25.2"
    }
  }
}
